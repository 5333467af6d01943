#[dataflow]
mod weather {
    #[config]
    pub struct Config {
        pub unit: Unit,
        pub station: String,
    }

    #[node]
    #[when(unit = Unit::Celsius)]
    pub fn zero__celsius() -> f64 {
        0.0
    }

    #[node]
    #[when(unit = Unit::Fahrenheit | Unit::Rankine)]
    pub fn zero__other() -> f64 {
        32.0
    }

    #[node]
    #[when(station = "north", unit = Unit::Celsius)]
    pub fn offset__north() -> f64 {
        1.0
    }

    #[node]
    #[when(station = _)]
    pub fn offset__elsewhere(zero: f64) -> f64 {
        zero
    }
}
