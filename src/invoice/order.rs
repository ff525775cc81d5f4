//! The customer's orders: an invoice names one (BT-13), and each line that belongs to another says so itself.

use crate::items::Item;

/// Finds the order that an invoice names: the one that all lines belong to, else the one that was said of the whole if some do. Nothing
/// where every line has an order of its own.
pub(super) fn order_of(said: Option<&str>, items: &[Item]) -> Option<String> {
    let mut of_lines = items.iter().map(|item| item.order_number.as_deref().or(said));
    let first = of_lines.next().flatten();
    let is_one = of_lines.all(|order| order == first);
    let some_belong = items.iter().any(|item| item.order_number.as_deref().is_none_or(|own| Some(own) == said));
    if is_one { first } else { said.filter(|_| some_belong) }.map(str::to_owned)
}

/// Returns the order that a line has to name, because the invoice names another one or none.
pub(super) fn order_of_line(item: &Item, of_invoice: Option<&str>) -> Option<String> {
    item.order_number.clone().filter(|own| Some(own.as_str()) != of_invoice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invoice_names_the_order_of_its_lines_and_lines_name_the_others() {
        // What is said of the invoice, the orders of its lines; then what the invoice names, and what each line.
        let table = [
            (None, "- -", None, "- -"),
            (Some("A"), "- -", Some("A"), "- -"),
            (Some("A"), "- B", Some("A"), "- B"),
            (Some("A"), "A B", Some("A"), "- B"),
            (Some("A"), "B B", Some("B"), "- -"),
            (Some("A"), "B C", None, "B C"),
            (None, "B B", Some("B"), "- -"),
            (None, "B C", None, "B C"),
            (None, "B -", None, "B -"),
        ];
        for (said, lines, named, on_lines) in table {
            let own = |order: &str| if order == "-" { String::new() } else { format!("order_number = \"{order}\"") };
            let item = |order| toml::from_str::<Item>(&format!("name = \"x\"\n{}", own(order))).unwrap();
            let items: Vec<Item> = lines.split(' ').map(item).collect();
            let order = order_of(said, &items);
            let of_lines: Vec<String> =
                items.iter().map(|i| order_of_line(i, order.as_deref()).unwrap_or("-".to_owned())).collect();
            assert_eq!((order.as_deref(), of_lines.join(" ")), (named, on_lines.to_owned()), "{said:?} {lines}");
        }
    }
}
