//! `steward try`: one interaction through the running system, as its user sees it.

use http::Method;
use local_discord::control::{CreatedInteraction, InteractionSteps, SayRequest, SeenStep};
use ops::terminal::print;

use super::{Try, steward::Steward};

pub(super) async fn run(attempt: &Try) -> Result<(), String> {
    let steward = Steward::at(attempt.port);
    let say = SayRequest {
        user: attempt.user.clone(),
        channel: attempt.channel.clone(),
        line: attempt.line.clone(),
    };
    let CreatedInteraction { id } = steward.request(Method::POST, "/local/say", Some(&say)).await?;
    print(&format!("{} types in {}: {}\n", say.user, say.channel, say.line));
    let mut seen = 0;
    loop {
        let view: InteractionSteps = steward
            .request(Method::GET, &format!("/local/interactions/{id}?after={seen}"), None::<&()>)
            .await?;
        view.steps.iter().skip(seen).for_each(|step| print(&told(step)));
        seen = seen.max(view.steps.len());
        match (view.settled, view.failed) {
            (true, true) => return Err("the application did not respond".to_owned()),
            (true, false) => return Ok(()),
            (false, _) => {}
        }
    }
}

fn told(step: &SeenStep) -> String {
    let mut text = format!("\n{:>6} ms  {}\n", step.ms, step.what);
    for line in &step.lines {
        text.push_str(&format!("           │ {line}\n"));
    }
    text
}
