use std::{future::IntoFuture, sync::Arc};

use domain::{
    breaker::{Change, Changed, Dependency, Open},
    weather::{Coordinates, Forecast, Light, Place},
};
use integrations::{
    BaseUrl, BreakerStore, Chance, ExternalApi, Fault, Moment, OpenMeteo as Client, Unavailable,
};
use jiff::ToSpan;
use tokio::net::TcpListener;

use super::*;

const REQUEST_TIMEOUT: Duration = Duration::from_secs(5);

fn july() -> Timestamp {
    "2026-07-01T11:20:00Z".parse().unwrap()
}

/// A breaker store that is always closed.
struct NoSharedBreakers;

impl BreakerStore for NoSharedBreakers {
    async fn load(&self, _: Dependency, _: Timestamp) -> Result<Option<Open>, Unavailable> {
        Ok(None)
    }

    async fn change(&self, _: Dependency, _: &str, _: Change, _: Timestamp) -> Result<Changed, Unavailable> {
        Ok(Changed::Made)
    }
}

/// The fake on its own port, and the bot's client for it.
async fn open_meteo(now: Timestamp) -> (OpenMeteo, Client<NoSharedBreakers>) {
    let stand_in = OpenMeteo::new(move || now);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base: BaseUrl = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(axum::serve(listener, stand_in.router()).into_future());
    let (client, chance) = (outbound::Client::new(), Chance::new(|| 0.0));
    let external_api =
        ExternalApi { client, chance, store: Arc::new(NoSharedBreakers), holder: "a".to_owned() };
    let client = Client::new(&external_api, base.clone(), base);
    (stand_in, client)
}

async fn search(name: &str) -> Vec<Place> {
    let (_, client) = open_meteo(july()).await;
    client.search(name, "en", REQUEST_TIMEOUT, Moment::of(july())).await.unwrap()
}

fn place(latitude: f64, longitude: f64) -> Place {
    let at = Coordinates::from_degrees(latitude, longitude).unwrap();
    Place { name: "Here".into(), region: None, country: None, at, time_zone: None }
}

async fn forecast(place: &Place, now: Timestamp) -> Forecast {
    let (_, client) = open_meteo(now).await;
    client.forecast(place, REQUEST_TIMEOUT, Moment::of(now)).await.unwrap()
}

#[tokio::test]
async fn typing_par_offers_paris_where_it_is() {
    let places = search("Par").await;
    let paris = &places[0];
    assert_eq!((paris.name.as_str(), paris.country.as_deref()), ("Paris", Some("France")));
    assert_eq!(paris.at.to_string(), "4885:235");
    assert_eq!(places[1].region.as_deref(), Some("Texas"));
    assert_eq!(search("paris, France").await, places);
    assert_eq!(search("sao p").await[0].name, "São Paulo");
}

#[tokio::test]
async fn any_name_has_one_to_five_places_and_zzz_and_one_letter_have_none() {
    for name in ["Steward's Landing", "qx", "東京都市", "a & b=c?d"] {
        let places = search(name).await;
        assert!((1..=5).contains(&places.len()), "{name}");
        assert_eq!(search(name).await, places);
    }
    assert_eq!(search("steward's landing").await[0].name, "Steward's Landing");
    assert_eq!((search("zzzurich").await, search("p").await), (vec![], vec![]));
}

#[tokio::test]
async fn a_forecast_makes_the_round_trip_in_local_time() {
    let paris = search("paris").await.remove(0);
    let forecast = forecast(&paris, july()).await;
    assert_eq!(forecast.utc_offset.seconds(), 3_600);
    assert_eq!(forecast.now.at.to_string(), "2026-07-01T12:15:00");
    assert_eq!((forecast.hours.len(), forecast.days.len()), (96, 4));
    let present = forecast.next_hours(july()).next().unwrap();
    assert_eq!(present.at.to_string(), "2026-07-01T12:00:00");
    assert_eq!(present.temperature, forecast.now.temperature);
    assert_eq!(forecast.next_days(july()).count(), 3);
    let today = forecast.today(july()).unwrap();
    assert!(today.lowest <= present.temperature && present.temperature <= today.highest);
}

#[tokio::test]
async fn the_weather_fits_latitude_season_and_hour_and_does_not_change_its_mind() {
    let highest = |forecast: &Forecast| forecast.days[0].highest.tenths();
    let january = "2026-01-05T11:00:00Z".parse().unwrap();
    let (paris, sydney, pole) = (place(48.85, 2.35), place(-33.87, 151.21), place(89.0, 0.0));
    let (summer, winter) = (forecast(&paris, july()).await, forecast(&paris, january).await);
    assert!(highest(&summer) > highest(&winter) + 80);
    assert!(highest(&forecast(&sydney, january).await) > highest(&forecast(&sydney, july()).await));
    assert!(highest(&forecast(&pole, january).await) < -100);
    let lights = summer.hours[..24].iter().map(|hour| hour.light == Light::Day);
    let lights = lights.collect::<Vec<_>>();
    assert!(lights[12] && !lights[0] && lights.iter().filter(|day| **day).count() > 14);
    let tomorrow = forecast(&paris, july() + 24.hours()).await;
    assert_eq!(tomorrow.hours[..72], summer.hours[24..]);
}

#[tokio::test]
async fn every_corner_of_the_earth_has_a_forecast() {
    for latitude in [-90.0, -45.5, 0.0, 19.07, 90.0] {
        for longitude in [-180.0, -122.4, 0.0, 72.88, 180.0] {
            let forecast = forecast(&place(latitude, longitude), july()).await;
            assert_eq!(forecast.hours.len(), 96);
        }
    }
}

#[tokio::test]
async fn it_counts_dawdles_and_breaks_down_when_told() {
    let (stand_in, client) = open_meteo(july()).await;
    assert!(client.search("paris", "en", REQUEST_TIMEOUT, Moment::of(july())).await.is_ok());
    assert_eq!(stand_in.calls(), Calls { searches: 1, forecasts: 0 });
    stand_in.set_down(true);
    let refused = client.forecast(&place(0.0, 0.0), REQUEST_TIMEOUT, Moment::of(july())).await;
    assert_eq!(refused, Err(Fault::Refused { status: 503, retry_after: None }));
    assert_eq!(stand_in.calls(), Calls { searches: 1, forecasts: 2 });
    stand_in.set_down(false);
    stand_in.set_latency(Duration::from_secs(60));
    let late = client.search("paris", "en", Duration::from_millis(50), Moment::of(july())).await;
    assert_eq!(late, Err(Fault::NoAnswer(outbound::RequestError::TimedOut)));
}

#[tokio::test]
async fn the_host_of_customers_wants_its_key() {
    let stand_in = OpenMeteo::new(july);
    stand_in.set_key(Some("right & good"));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base: BaseUrl = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(axum::serve(listener, stand_in.router()).into_future());
    let refused = |status| Err(Fault::Refused { status, retry_after: None });
    for (base, expected) in [
        (base.clone(), refused(401)),
        (base.clone().with_key("wrong"), refused(400)),
        (base.with_key("right & good"), Ok(())),
    ] {
        let (client, chance) = (outbound::Client::new(), Chance::new(|| 0.0));
        let external_api =
            ExternalApi { client, chance, store: Arc::new(NoSharedBreakers), holder: "a".to_owned() };
        let client = Client::new(&external_api, base.clone(), base);
        let moment = || Moment::of(july());
        let found = client.search("paris", "en", REQUEST_TIMEOUT, moment()).await;
        assert_eq!(found.map(drop), expected);
        assert_eq!(client.forecast(&place(0.0, 0.0), REQUEST_TIMEOUT, moment()).await.map(drop), expected);
    }
}

#[tokio::test]
async fn it_throttles_and_breaks_for_one_place_when_told() {
    let (stand_in, client) = open_meteo(july()).await;
    stand_in.break_place("nowhere");
    let failed = client.search("nowhere", "en", REQUEST_TIMEOUT, Moment::of(july())).await;
    assert_eq!(failed, Err(Fault::Refused { status: 500, retry_after: None }));
    assert!(client.search("paris", "en", REQUEST_TIMEOUT, Moment::of(july())).await.is_ok());
    stand_in.set_throttling(true);
    let refused = client.forecast(&place(0.0, 0.0), REQUEST_TIMEOUT, Moment::of(july())).await;
    assert!(matches!(refused, Err(Fault::Open { .. })), "the third 429 pauses it: {refused:?}");
}

#[test]
fn odd_questions_are_refused_as_the_real_one_does() {
    let question = |json: Value| serde_json::from_value::<forecast::ForecastQuery>(json).unwrap();
    for odd in [
        json!({"latitude": "91", "longitude": "0"}),
        json!({"latitude": "0", "longitude": "-180.5"}),
        json!({"latitude": "x", "longitude": "0"}),
        json!({"latitude": "NaN", "longitude": "0"}),
        json!({"longitude": "0"}),
        json!({"latitude": "0", "longitude": "0", "hourly": "temperature_3m"}),
        json!({"latitude": "0", "longitude": "0", "forecast_days": "17"}),
    ] {
        assert!(forecast::answer(&question(odd.clone()), july()).is_err(), "{odd}");
    }
    let bare = forecast::answer(&question(json!({"latitude": "0", "longitude": "0"})), july());
    assert!(bare.is_ok_and(|answer| answer.get("hourly").is_none() && answer["timezone"] == "GMT"));
}
