//! Finds the place that a name refers to.

use domain::{Refusal, Result, repeat::Name, weather::Place};
use engine::Context;

use crate::upstream;

/// The place's name with its region and country.
pub(crate) fn label(place: &Place) -> Name {
    let parts = [Some(&place.name), place.region.as_ref(), place.country.as_ref()];
    let mut parts: Vec<&str> = parts.into_iter().flatten().map(String::as_str).collect();
    parts.dedup();
    Name::of(&parts.join(", "))
}

/// The best match for a name, from the caches; `None` if Open-Meteo has to be asked. If there is no such
/// place, a refusal with the text of `refused`.
pub(crate) async fn find_cached(
    name: &str,
    cx: &Context,
    refused: impl Fn() -> String,
) -> Result<Option<Place>> {
    let known = cx.weather().cached_places(name, cx.language().code(), cx.now()).await;
    known.map_err(|fault| upstream::error(fault, cx))?.map(|places| first_of(places, refused)).transpose()
}

/// As [`find_cached`], but asks Open-Meteo if necessary.
pub(crate) async fn find(name: &str, cx: &Context, refused: impl Fn() -> String) -> Result<Place> {
    let places = cx.weather().places(name, cx.language().code(), cx.now()).await;
    first_of(places.map_err(|fault| upstream::error(fault, cx))?, refused)
}

fn first_of(places: Vec<Place>, refused: impl Fn() -> String) -> Result<Place> {
    Ok(places.into_iter().next().ok_or_else(|| Refusal(refused()))?)
}

#[cfg(test)]
mod tests {
    use domain::weather::Coordinates;

    use super::*;

    #[test]
    fn a_city_that_is_its_own_region_is_named_once() {
        let berlin = Place {
            name: "Berlin".to_owned(),
            region: Some("Berlin".to_owned()),
            country: Some("Germany".to_owned()),
            at: Coordinates::from_hundredths(5_252, 1_341).unwrap(),
            time_zone: None,
        };
        assert_eq!(label(&berlin).as_str(), "Berlin, Germany");
    }
}
