//! The contract with generated code: what the macros write, written by hand, runs.

#![allow(
    missing_docs,
    unreachable_pub,
    dead_code,
    non_snake_case,
    clippy::needless_borrow,
    clippy::trivially_copy_pass_by_ref,
    clippy::float_cmp,
    clippy::items_after_statements,
    clippy::panic,
    clippy::unwrap_used,
    reason = "this is what a macro would write"
)]

use millstream::{Error, Executor, InputMap};

/// What `#[dataflow] pub mod weather` becomes, in every form that there is of a node.
mod weather {
    #![allow(non_camel_case_types, reason = "descriptors are called as their functions")]

    use std::collections::HashMap;

    pub struct Columns {
        pub high: Vec<f64>,
        pub low: Vec<f64>,
    }

    pub enum Unit {
        Celsius,
        Fahrenheit,
    }

    pub struct Inputs {
        pub rows: Vec<f64>,
        pub window: usize,
        pub limit: Option<f64>,
    }

    pub struct Config {
        pub unit: Unit,
    }

    #[derive(Debug)]
    pub struct Broken;

    impl std::fmt::Display for Broken {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("the mean is not a number")
        }
    }

    impl std::error::Error for Broken {}

    pub fn columns(rows: Vec<f64>) -> Columns {
        let low = rows.iter().map(|row| row - 1.0).collect();
        Columns { high: rows, low }
    }

    pub fn mean__celsius(high: &[f64]) -> f64 {
        high.iter().sum::<f64>() / 2.0
    }

    pub fn mean__fahrenheit(high: &[f64], low: &[f64]) -> f64 {
        mean__celsius(high) * 1.8 + 32.0 + low[0] * 0.0
    }

    pub fn checked(mean: &f64, limit: Option<&f64>, absent: Option<&f64>) -> Result<f64, Broken> {
        assert!(absent.is_none());
        if mean.is_nan() { Err(Broken) } else { Ok(limit.map_or(*mean, |limit| mean.min(*limit))) }
    }

    pub fn rolling(series: &[f64], window: usize) -> usize {
        series.len() * window
    }

    pub fn summary(all: Vec<&usize>) -> HashMap<String, usize> {
        HashMap::from([("count".to_owned(), all.len()), ("sum".to_owned(), all.into_iter().sum())])
    }

    macro_rules! descriptors {
        ($($name:ident)*) => {$(
            pub struct $name { _never: ::core::convert::Infallible }
        )*};
    }
    descriptors!(rows window limit high low mean rolling_high rolling_low count sum);
    pub struct columns {
        _never: ::core::convert::Infallible,
    }
    pub struct checked {
        _never: ::core::convert::Infallible,
    }
    pub struct summary {
        _never: ::core::convert::Infallible,
    }

    pub enum Flow {}

    pub struct PartialInputs(::millstream::__private::InputValues<Flow>);

    impl PartialInputs {
        pub fn rows(self, value: Vec<f64>) -> Self {
            Self(self.0.with::<rows>(value))
        }
    }

    pub fn inputs() -> PartialInputs {
        PartialInputs(::millstream::__private::InputValues::new())
    }

    pub fn dataflow() -> &'static ::millstream::Dataflow {
        static DATAFLOW: ::millstream::Dataflow =
            ::millstream::Dataflow::new(<Flow as ::millstream::__private::Flow>::TABLE);
        &DATAFLOW
    }

    pub fn driver(config: &Config) -> ::millstream::DriverBuilder<Flow> {
        ::millstream::__private::driver::<Flow>(config)
    }

    const _: () = {
        use ::millstream::__private as ms;

        const ROWS: &ms::ValueType = ms::value_type!(Vec<f64>);
        const COLUMNS: &ms::ValueType = ms::value_type!(Columns, "Columns");
        const F64: &ms::ValueType = ms::value_type!(f64);
        const USIZE: &ms::ValueType = ms::value_type!(usize);
        const LIMIT: &ms::ValueType = ms::value_type!(Option<f64>);
        const MAP: &ms::ValueType = ms::value_type!(HashMap<String, usize>);

        macro_rules! node {
            ($name:ident, $output:ty, $error:ty, $value:expr, $line:literal, $role:expr) => {
                impl ms::Node for $name {
                    type Output = $output;
                    type Error = $error;
                    const DESCRIPTOR: &'static ms::NodeDescriptor = &ms::NodeDescriptor {
                        name: stringify!($name),
                        doc: "",
                        place: ms::Place { file: "src/weather.rs", line: $line, column: 1 },
                        tags: &[],
                        version: 0,
                        value: $value,
                        role: $role,
                    };
                }
            };
        }
        macro_rules! param {
            ($name:literal, $text:literal, $takes:ident, $source:expr) => {
                param!($name, $text, $takes, $source, false)
            };
            ($name:literal, $text:literal, $takes:ident, $source:expr, $optional:literal) => {
                ms::Param {
                    name: $name,
                    text: $text,
                    takes: ms::Takes::$takes,
                    source: $source,
                    optional: $optional,
                    value: None,
                }
            };
        }
        const fn from(name: &'static str) -> ms::Source {
            ms::Source::Name(name)
        }

        node!(rows, Vec<f64>, ms::Infallible, ROWS, 1, ms::Role::Input { default: None });
        node!(
            window,
            usize,
            ms::Infallible,
            USIZE,
            2,
            ms::Role::Input { default: Some(|| ms::Value::new::<window>(7)) }
        );
        node!(
            limit,
            Option<f64>,
            ms::Infallible,
            LIMIT,
            3,
            ms::Role::Input { default: Some(|| ms::Value::new::<limit>(None)) }
        );
        node!(
            columns,
            Columns,
            ms::Infallible,
            COLUMNS,
            4,
            ms::Role::Function(&ms::Function {
                variants: &[ms::Variant {
                    condition: "",
                    function: "columns",
                    params: &[param!("rows", "Vec<f64>", Own, from("rows"))],
                    call: |frame| frame.finish::<columns>(columns(frame.take::<rows>(0))),
                }],
                split: Some(|parts| {
                    let value = parts.whole::<columns>();
                    parts.set::<high>(0, value.high);
                    parts.set::<low>(1, value.low);
                    parts.done()
                }),
            })
        );
        node!(high, Vec<f64>, ms::Infallible, ROWS, 5, ms::Role::Part { of: "columns" });
        node!(low, Vec<f64>, ms::Infallible, ROWS, 6, ms::Role::Part { of: "columns" });
        node!(
            mean,
            f64,
            ms::Infallible,
            F64,
            7,
            ms::Role::Function(&ms::Function {
                variants: &[
                    ms::Variant {
                        condition: "unit = Unit::Celsius",
                        function: "mean__celsius",
                        params: &[param!("high", "&[f64]", Borrow, from("high"))],
                        call: |frame| frame.finish::<mean>(mean__celsius(frame.borrow::<high>(0))),
                    },
                    ms::Variant {
                        condition: "unit = Unit::Fahrenheit",
                        function: "mean__fahrenheit",
                        params: &[
                            param!("high", "&[f64]", Borrow, from("high")),
                            param!("low", "&[f64]", Borrow, from("low")),
                        ],
                        call: |frame| {
                            frame.finish::<mean>(mean__fahrenheit(
                                frame.borrow::<high>(0),
                                frame.borrow::<low>(1),
                            ))
                        },
                    },
                ],
                split: None,
            })
        );
        node!(
            checked,
            f64,
            Broken,
            F64,
            8,
            ms::Role::Function(&ms::Function {
                variants: &[ms::Variant {
                    condition: "",
                    function: "checked",
                    params: &[
                        param!("mean", "&f64", Borrow, from("mean")),
                        param!("limit", "Option<&f64>", Borrow, from("limit"), true),
                        param!("absent", "Option<&f64>", Borrow, from("absent"), true),
                    ],
                    call: |frame| {
                        frame.finish_result::<checked>(ms::Fallible::into_result(checked(
                            frame.borrow::<mean>(0),
                            frame.borrow::<limit>(1).as_ref(),
                            frame.supplied::<mean>(2),
                        )))
                    },
                }],
                split: None,
            })
        );
        node!(
            rolling_high,
            usize,
            ms::Infallible,
            USIZE,
            9,
            ms::Role::Function(&ms::Function {
                variants: &[ms::Variant {
                    condition: "",
                    function: "rolling",
                    params: &[
                        param!("series", "&[f64]", Borrow, from("high")),
                        param!("window", "usize", Own, from("window")),
                    ],
                    call: |frame| {
                        frame.finish::<rolling_high>(rolling(
                            {
                                let edge = ms::edge::borrowed::<_, [f64]>(frame.borrow::<high>(0));
                                {
                                    #[allow(
                                        unused_imports,
                                        reason = "the levels are tried from the first on"
                                    )]
                                    use ms::edge::levels::*;
                                    #[diagnostic::on_unimplemented(message = "not the type of `high`")]
                                    trait Feeds {}
                                    #[diagnostic::do_not_recommend]
                                    impl Feeds for ms::edge::Nothing {}
                                    trait Mismatch: ms::edge::Edge {
                                        fn give(&self) -> Self::Give
                                        where
                                            Self::Provider: Feeds,
                                        {
                                            ms::edge::never()
                                        }
                                    }
                                    impl<E: ms::edge::Edge> Mismatch for E {}
                                    (&&&&edge).give()
                                }
                            },
                            frame.take::<window>(1),
                        ))
                    },
                }],
                split: None,
            })
        );
        node!(
            rolling_low,
            usize,
            ms::Infallible,
            USIZE,
            10,
            ms::Role::Function(&ms::Function {
                variants: &[ms::Variant {
                    condition: "",
                    function: "rolling",
                    params: &[
                        param!("series", "&[f64]", Borrow, from("low")),
                        param!("window", "usize", Own, ms::Source::Value("30")),
                    ],
                    call: |frame| frame.finish::<rolling_low>(rolling(frame.borrow::<low>(0), 30)),
                }],
                split: None,
            })
        );
        node!(summary, HashMap<String, usize>, ms::Infallible, MAP, 11, ms::Role::Function(&ms::Function {
            variants: &[ms::Variant {
                condition: "",
                function: "summary",
                params: &[param!("all", "Vec<&usize>", Borrow, ms::Source::Group(&["rolling_high", "rolling_low"]))],
                call: |frame| {
                    frame.finish::<summary>(summary(ms::list([
                        frame.borrow::<rolling_high>(0),
                        frame.borrow::<rolling_low>(1),
                    ])))
                },
            }],
            split: Some(|parts| {
                let mut value = parts.whole::<summary>();
                parts.key::<count, _>(0, &mut value, "count");
                parts.key::<sum, _>(1, &mut value, "sum_of_all");
                parts.done()
            }),
        }));
        node!(count, usize, ms::Infallible, USIZE, 12, ms::Role::Part { of: "summary" });
        node!(sum, usize, ms::Infallible, USIZE, 13, ms::Role::Part { of: "summary" });

        macro_rules! table {
            ($($index:literal $name:ident $part_of:expr, $deps:expr;)*) => {
                $(impl ms::Member<Flow> for $name { const INDEX: u32 = $index; })*
                impl ms::Flow for Flow {
                    type Inputs = Inputs;
                    type Config = Config;
                    const TABLE: &'static ms::FlowTable = &ms::FlowTable {
                        name: "weather",
                        module: module_path!(),
                        doc: "Weather.",
                        place: ms::Place { file: file!(), line: line!(), column: column!() },
                        nodes: &[$(ms::FlowNode {
                            descriptor: <$name as ms::Node>::DESCRIPTOR,
                            part_of: $part_of,
                            deps: $deps,
                        }),*],
                        parts: &[(3, &[4, 5]), (10, &[11, 12])],
                        conditional: &[6],
                    };
                    fn select(config: &Config) -> Vec<u8> {
                        vec![match config.unit { Unit::Celsius => 0, Unit::Fahrenheit => 1 }]
                    }
                }
            };
        }
        table! {
            0 rows ms::NONE, &[];
            1 window ms::NONE, &[];
            2 limit ms::NONE, &[];
            3 columns ms::NONE, &[&[0]];
            4 high 3, &[];
            5 low 3, &[];
            6 mean ms::NONE, &[&[4], &[4, 5]];
            7 checked ms::NONE, &[&[6, 2, ms::NONE]];
            8 rolling_high ms::NONE, &[&[4, 1]];
            9 rolling_low ms::NONE, &[&[5]];
            10 summary ms::NONE, &[&[8, 9]];
            11 count 10, &[];
            12 sum 10, &[];
        }
        impl ms::IntoInputs<Flow> for Inputs {
            fn into_inputs(self) -> ms::InputValues<Flow> {
                ms::InputValues::new()
                    .with::<rows>(self.rows)
                    .with::<window>(self.window)
                    .with::<limit>(self.limit)
            }
        }
        impl ms::IntoInputs<Flow> for PartialInputs {
            fn into_inputs(self) -> ms::InputValues<Flow> {
                self.0
            }
        }
    };
}

fn driver(unit: weather::Unit, executor: Executor) -> millstream::Driver<weather::Flow> {
    weather::driver(&weather::Config { unit }).executor(executor).build().unwrap()
}

const BOTH: [Executor; 2] = [Executor::Sequential, Executor::Rayon];

#[test]
fn typed_outputs_come_back_owned() -> Result<(), Error> {
    for executor in BOTH {
        let driver = driver(weather::Unit::Celsius, executor);
        let inputs = || weather::Inputs { rows: vec![10.0, 20.0], window: 3, limit: Some(12.0) };
        let run = driver.execute::<(weather::checked, weather::rolling_high, weather::low)>(inputs())?;
        assert_eq!(run.into_values(), (12.0, 6, vec![9.0, 19.0]));
        assert_eq!(driver.execute::<weather::mean>(inputs())?.into_values(), 15.0);
    }
    Ok(())
}

#[test]
fn a_config_selects_the_variant() -> Result<(), Error> {
    let fahrenheit = driver(weather::Unit::Fahrenheit, Executor::Sequential);
    let inputs = weather::inputs().rows(vec![10.0, 20.0]);
    assert_eq!(fahrenheit.execute::<weather::mean>(inputs)?.into_values(), 59.0);
    let celsius = driver(weather::Unit::Celsius, Executor::Sequential);
    assert_ne!(fahrenheit.graph().hash(), celsius.graph().hash());
    assert_eq!(celsius.graph().node("mean").unwrap().params().count(), 1);
    Ok(())
}

#[test]
fn partial_inputs_have_defaults_and_refuse_what_is_missing() -> Result<(), Error> {
    let driver = driver(weather::Unit::Celsius, Executor::Rayon);
    let run = driver.execute::<weather::rolling_high>(weather::inputs().rows(vec![1.0, 2.0]))?;
    assert_eq!(run.into_values(), 14);
    let error = driver.execute::<weather::rolling_high>(weather::inputs()).unwrap_err();
    assert_eq!(error.to_string(), "input `rows` is missing, which `columns` needs; supply a `Vec<f64>`");
    Ok(())
}

#[test]
fn a_node_that_fails_is_named_with_its_place_and_its_way() {
    let driver = driver(weather::Unit::Celsius, Executor::Rayon);
    let inputs = weather::inputs().rows(vec![f64::NAN, 1.0]);
    let error = driver.execute::<weather::checked>(inputs).unwrap_err();
    assert_eq!(
        format!("{error:?}"),
        "node `checked` (src/weather.rs:8:1) failed\n  caused by: the mean is not a number"
    );
    let error = driver.execute::<weather::sum>(weather::inputs().rows(vec![1.0])).unwrap_err();
    assert_eq!(
        format!("{error:#}"),
        "node `summary` (src/weather.rs:11:1) failed; it was needed on the way `summary` -> `sum`: its value has no key `sum_of_all`; it has `count`, `sum`"
    );
}

#[test]
fn only_the_wanted_parts_are_made() -> Result<(), Error> {
    let driver = driver(weather::Unit::Celsius, Executor::Sequential);
    assert_eq!(driver.execute::<weather::count>(weather::inputs().rows(vec![1.0]))?.into_values(), 2);
    Ok(())
}

#[test]
fn a_whole_that_cannot_be_cloned_is_not_taken_apart_too() {
    let driver = driver(weather::Unit::Celsius, Executor::Sequential);
    let inputs = weather::inputs().rows(vec![1.0]);
    let error = driver.execute::<(weather::columns, weather::high)>(inputs).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the value of `columns` would have to be cloned, but `Columns` is not `Clone`: it is needed as a whole, and taken apart for `high`; derive `Clone` for `Columns`, or use only one of the two"
    );
}

#[test]
fn a_node_is_overridden_by_type() -> Result<(), Error> {
    for executor in BOTH {
        let driver = driver(weather::Unit::Celsius, executor);
        let run = driver.override_value::<weather::mean>(3.0).execute::<weather::checked>(())?;
        assert_eq!(run.schedule().to_string(), "1 checked\n");
        assert_eq!(run.into_values(), 3.0);

        let given = weather::Columns { high: vec![5.0], low: vec![4.0] };
        let run =
            driver.override_value::<weather::columns>(given).execute::<(weather::mean, weather::low)>(())?;
        assert_eq!(run.into_values(), (2.5, vec![4.0]));

        let request = driver.override_value::<weather::high>(vec![8.0]);
        assert_eq!(request.execute::<weather::mean>(())?.into_values(), 4.0);
    }
    Ok(())
}

#[test]
fn the_dataflow_is_a_graph() -> Result<(), Error> {
    let dataflow = weather::dataflow();
    assert_eq!((dataflow.name(), dataflow.doc()), ("weather", "Weather."));
    assert!(dataflow.module().ends_with("weather"));
    let graph = dataflow.graph();
    assert_eq!(graph.inputs().count(), 3);
    let mean = graph.node("mean").unwrap();
    assert_eq!(mean.conditions().collect::<Vec<_>>(), ["unit = Unit::Celsius", "unit = Unit::Fahrenheit"]);
    assert_eq!(mean.place().unwrap().to_string(), "src/weather.rs:7:1");
    assert_eq!(graph.node("low").unwrap().part_of().unwrap().name(), "columns");
    assert_eq!(
        graph.driver().build().unwrap_err().to_string(),
        "node `mean` has variants, and nothing selects one; take the graph from a driver of its dataflow, which has a config"
    );
    let selected = driver(weather::Unit::Celsius, Executor::Rayon).graph().clone();
    let same = selected.subgraph(|_| true)?;
    assert_eq!(same.description(), selected.description());
    let run = same.driver().build()?.execute_named(["low"], InputMap::new().set("rows", vec![2.0]))?;
    assert_eq!(run.get::<Vec<f64>>("low")?, &[1.0]);
    Ok(())
}

#[test]
fn nodes_of_a_dataflow_can_be_given_to_the_builder() -> Result<(), Error> {
    let graph = millstream::Graph::builder()
        .node::<weather::high>()
        .node::<weather::columns>()
        .node::<weather::low>()
        .function("rows", (), || vec![3.0, 5.0])
        .build()?;
    let driver = graph.driver().build()?;
    let run = driver.execute::<(weather::low, weather::high)>(())?;
    assert_eq!(run.into_values(), (vec![2.0, 4.0], vec![3.0, 5.0]));
    Ok(())
}
