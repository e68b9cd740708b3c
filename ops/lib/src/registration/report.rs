//! The plan as text, for a terminal.

use super::{Change, Overwrites, Plan, plan::Step};

/// The plan, and the permissions that it loses.
pub fn report(plan: &Plan, lost: &Overwrites) -> String {
    let mut text: String = plan.steps().iter().map(line).collect();
    if !plan.losing_permissions().is_empty() {
        text.push_str(&losses(plan, lost));
    }
    text + "\n" + &summary(plan)
}

fn line(step: &Step) -> String {
    let name = &step.name;
    match &step.change {
        Change::Added => format!("+ {name}  new\n"),
        Change::Removed { id } => format!("- {name}  removed, with its id {id}\n"),
        Change::Unchanged => format!("  {name}\n"),
        Change::LeftAlone => format!("  {name}  not managed\n"),
        Change::Changed(differences) => format!("~ {name}\n{}", listed(differences)),
        Change::Renamed { from, id, differences } => {
            format!("~ {from} -> {name}  renamed, keeps its id {id}\n{}", listed(differences))
        }
    }
}

fn listed(lines: &[impl ToString]) -> String {
    lines.iter().map(|line| format!("    {}\n", line.to_string())).collect()
}

fn losses(plan: &Plan, lost: &Overwrites) -> String {
    let mut text =
        "\nDiscord deletes the permissions that guilds have set on removed and renamed commands".to_owned();
    if lost.known.is_empty() && lost.unknown.is_empty() {
        return text + ". There are none in the guilds in which the bot is a member.\n";
    }
    text.push_str(":\n");
    for overwrite in &lost.known {
        let losing = plan.losing_permissions();
        let name = losing.iter().find(|(id, _)| *id == overwrite.command).map_or("?", |(_, name)| name);
        text.push_str(&format!("! {name} {overwrite}\n"));
    }
    match lost.unknown.len() {
        0 => {}
        1..=9 => text.push_str(&format!("! unknown for guilds {}\n", lost.unknown.join(", "))),
        more => text.push_str(&format!("! unknown for {more} guilds\n")),
    }
    text
}

fn summary(plan: &Plan) -> String {
    let count = |is: fn(&Change) -> bool| plan.steps().iter().filter(|step| is(&step.change)).count();
    let counts = [
        (count(|change| matches!(change, Change::Added)), "new"),
        (count(|change| matches!(change, Change::Changed(_))), "changed"),
        (count(|change| matches!(change, Change::Renamed { .. })), "renamed"),
        (count(|change| matches!(change, Change::Removed { .. })), "removed"),
        (count(|change| matches!(change, Change::Unchanged | Change::LeftAlone)), "unchanged"),
    ];
    let said: Vec<_> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    if plan.is_empty() { "Nothing to change.\n".to_owned() } else { format!("{}.\n", said.join(", ")) }
}
