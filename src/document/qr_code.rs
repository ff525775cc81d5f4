//! QR codes as drawings: what GiroCode and Swiss QR-bill have in common.

use qrcodegen::{QrCode, QrCodeEcc, QrSegment, Version};

/// Encodes a text with error correction M; returns how many modules a side has, and the dark ones as a path.
///
/// Returns nothing when the text is too long for the largest version.
pub(super) fn modules(text: &str, largest: Version) -> Option<(i32, String)> {
    let segments = [QrSegment::make_bytes(text.as_bytes())];
    let code =
        QrCode::encode_segments_advanced(&segments, QrCodeEcc::Medium, Version::MIN, largest, None, false).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let start = x;
            while x < code.size() && code.get_module(x, y) {
                x += 1;
            }
            if x > start {
                path.push_str(&format!("M{start} {y}h{}v1h-{}z", x - start, x - start));
            } else {
                x += 1;
            }
        }
    }
    Some((code.size(), path))
}

/// Makes the SVG: a white square from `origin`, `side` wide, on it the dark modules, and on them what else belongs to the code.
pub(super) fn drawing(origin: i32, side: i32, path: &str, on_top: &str) -> String {
    format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="{origin} {origin} {side} {side}" shape-rendering="crispEdges"><rect x="{origin}" y="{origin}" width="{side}" height="{side}" fill="#fff"/><path d="{path}" fill="#000"/>{on_top}</svg>"##
    )
}
