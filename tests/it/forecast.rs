//! Forecasts hold as often as they say, on invented programmes whose truth is known.

use assured::backtest::Measured;
use assured::domain::forecast::Seed;

#[test]
fn the_dates_of_5_and_of_9_in_10_hold_about_as_often_as_they_say() {
    let measured = Measured::new(Seed::new(2), 6, 14);
    let (five, nine) = measured.all.percent();
    assert!(measured.all.forecasts > 300, "{measured:?}");
    assert!((45.0..=55.0).contains(&five), "{five} in 100 of {measured:?}");
    assert!((85.0..=95.0).contains(&nine), "{nine} in 100 of {measured:?}");
}

#[test]
fn the_same_seed_gives_the_same_tables() {
    let tables = |seed: u64| Measured::new(Seed::new(seed), 1, 60).tables();
    assert_eq!(tables(3), tables(3));
    assert_ne!(tables(3), tables(4));
    assert!(tables(3).contains("| Weeks since the product was added | Forecasts | 5 in 10 held | 9 in 10 held |"));
}
