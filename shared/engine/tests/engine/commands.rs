//! The commands of these tests.

steward_engine::commands! {
    slash act::Act: Run Work;
    slash ping::Ping: Run;
    slash slow::Slow: Work;
    slash again::Again: Run;
    slash panel::Panel: Run Press Choose Submit;
    slash vote::Vote: Run Press Submit;
    slash staff::Staff: Run Press;
    slash bulletin::Bulletin: Run Work Press;
    slash speak::Speak: Run;
    slash outside::Outside: Run;
    slash forecast::Forecast: Run Complete;
    user look::Look: Run;
    message quote::Quote: Run Work;
}
