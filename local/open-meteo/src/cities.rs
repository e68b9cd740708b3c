//! Large cities with their real coordinates.

/// A city with its coordinates in degrees and its standard time. Daylight saving time is not simulated.
pub(super) struct City {
    pub(super) name: &'static str,
    pub(super) region: &'static str,
    pub(super) country: &'static str,
    /// ISO 3166-1.
    pub(super) country_code: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) time_zone: &'static str,
    /// Seconds east of UTC.
    pub(super) utc_offset: i32,
}

impl City {
    /// The nearest city within 4 degrees (about 400 km), whose country and time zone are used for the place.
    pub(super) fn near(latitude: f64, longitude: f64) -> Option<&'static Self> {
        let distance =
            |city: &&Self| (city.latitude - latitude).powi(2) + (city.longitude - longitude).powi(2);
        let nearest = CITIES.iter().min_by(|one, other| distance(one).total_cmp(&distance(other)));
        nearest.filter(|city| distance(city) < 16.0)
    }
}

#[expect(clippy::too_many_arguments, reason = "a row of a table")]
const fn city(
    name: &'static str,
    region: &'static str,
    country: &'static str,
    country_code: &'static str,
    latitude: f64,
    longitude: f64,
    time_zone: &'static str,
    half_hours: i32,
) -> City {
    let utc_offset = half_hours * 1_800;
    City { name, region, country, country_code, latitude, longitude, time_zone, utc_offset }
}

/// The first match is the best one, so well-known cities come first.
#[rustfmt::skip]
pub(super) const CITIES: [City; 38] = [
    city("Paris", "Île-de-France", "France", "FR", 48.8534, 2.3488, "Europe/Paris", 2),
    city("Berlin", "State of Berlin", "Germany", "DE", 52.5244, 13.4105, "Europe/Berlin", 2),
    city("London", "England", "United Kingdom", "GB", 51.5085, -0.1257, "Europe/London", 0),
    city("New York", "New York", "United States", "US", 40.7143, -74.006, "America/New_York", -10),
    city("Tokyo", "Tokyo", "Japan", "JP", 35.6895, 139.6917, "Asia/Tokyo", 18),
    city("Los Angeles", "California", "United States", "US", 34.0522, -118.2437, "America/Los_Angeles", -16),
    city("Sydney", "New South Wales", "Australia", "AU", -33.8678, 151.2073, "Australia/Sydney", 20),
    city("Munich", "Bavaria", "Germany", "DE", 48.1374, 11.5755, "Europe/Berlin", 2),
    city("Hamburg", "Hamburg", "Germany", "DE", 53.5507, 9.993, "Europe/Berlin", 2),
    city("Cologne", "North Rhine-Westphalia", "Germany", "DE", 50.9333, 6.95, "Europe/Berlin", 2),
    city("Vienna", "Vienna", "Austria", "AT", 48.2085, 16.3721, "Europe/Vienna", 2),
    city("Zürich", "Zurich", "Switzerland", "CH", 47.3667, 8.55, "Europe/Zurich", 2),
    city("Rome", "Lazio", "Italy", "IT", 41.8919, 12.5113, "Europe/Rome", 2),
    city("Madrid", "Madrid", "Spain", "ES", 40.4165, -3.7026, "Europe/Madrid", 2),
    city("Barcelona", "Catalonia", "Spain", "ES", 41.3888, 2.159, "Europe/Madrid", 2),
    city("Lisbon", "Lisbon", "Portugal", "PT", 38.7167, -9.1333, "Europe/Lisbon", 0),
    city("Amsterdam", "North Holland", "Netherlands", "NL", 52.374, 4.8897, "Europe/Amsterdam", 2),
    city("Copenhagen", "Capital Region", "Denmark", "DK", 55.6759, 12.5655, "Europe/Copenhagen", 2),
    city("Stockholm", "Stockholm", "Sweden", "SE", 59.3294, 18.0687, "Europe/Stockholm", 2),
    city("Helsinki", "Uusimaa", "Finland", "FI", 60.1695, 24.9354, "Europe/Helsinki", 4),
    city("Reykjavík", "Capital Region", "Iceland", "IS", 64.1355, -21.8954, "Atlantic/Reykjavik", 0),
    city("Warsaw", "Mazovia", "Poland", "PL", 52.2298, 21.0118, "Europe/Warsaw", 2),
    city("Prague", "Prague", "Czechia", "CZ", 50.088, 14.4208, "Europe/Prague", 2),
    city("Istanbul", "Istanbul", "Türkiye", "TR", 41.0138, 28.9497, "Europe/Istanbul", 6),
    city("Cairo", "Cairo Governorate", "Egypt", "EG", 30.0626, 31.2497, "Africa/Cairo", 4),
    city("Nairobi", "Nairobi County", "Kenya", "KE", -1.2833, 36.8167, "Africa/Nairobi", 6),
    city("Cape Town", "Western Cape", "South Africa", "ZA", -33.9258, 18.4232, "Africa/Johannesburg", 4),
    city("Mumbai", "Maharashtra", "India", "IN", 19.0728, 72.8826, "Asia/Kolkata", 11),
    city("Singapore", "Singapore", "Singapore", "SG", 1.2897, 103.8501, "Asia/Singapore", 16),
    city("Beijing", "Beijing", "China", "CN", 39.9075, 116.3972, "Asia/Shanghai", 16),
    city("Seoul", "Seoul", "South Korea", "KR", 37.566, 126.9784, "Asia/Seoul", 18),
    city("San Francisco", "California", "United States", "US", 37.7749, -122.4194, "America/Los_Angeles", -16),
    city("Chicago", "Illinois", "United States", "US", 41.85, -87.65, "America/Chicago", -12),
    city("Toronto", "Ontario", "Canada", "CA", 43.7064, -79.3986, "America/Toronto", -10),
    city("Mexico City", "Mexico City", "Mexico", "MX", 19.4285, -99.1277, "America/Mexico_City", -12),
    city("São Paulo", "São Paulo", "Brazil", "BR", -23.5475, -46.6361, "America/Sao_Paulo", -6),
    city("Paris", "Texas", "United States", "US", 33.6609, -95.5555, "America/Chicago", -12),
    city("Auckland", "Auckland", "New Zealand", "NZ", -36.8485, 174.7635, "Pacific/Auckland", 24),
];
