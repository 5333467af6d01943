use crate::streams::ticker;

/// Computes `prices`.
pub async fn ticker(count: u32) -> Result<Vec<u32>, Box<dyn std::error::Error + Send + Sync>> {
    let mut tick_items = ticker::tick(count);
    let mut price_list = Vec::new();
    while let Some(tick) = tick_items.next_item().await {
        let tick = tick?;
        let price = ticker::price(tick).await;
        price_list.push(price);
    }
    let prices = ticker::prices(millstream::Collect::of(&price_list));
    Ok(prices)
}
