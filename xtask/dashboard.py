"""Draws the dashboard of template.yaml from log lines, as one HTML page.

Only the metrics that the functions write are drawn: AWS's own exist only in AWS.
"""

import argparse
import collections
import html
import json
import math
import pathlib
import re
import sys

from samtranslator.yaml_helper import yaml_parse

STACK = "local"
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 560, 220, 52, 24, 10
COLOURS = ["#0969da", "#cf222e", "#1a7f37", "#9a6700", "#8250df", "#bc4c00"]
STYLE = """
body { font: 14px/1.4 system-ui, sans-serif; margin: 1.5rem; background: #f6f8fa; color: #1f2328; }
main { display: grid; grid-template-columns: repeat(auto-fill, minmax(36rem, 1fr)); gap: 1rem; }
section { background: #fff; border: 1px solid #d0d7de; border-radius: 6px; padding: .75rem 1rem; }
h1 { font-size: 1.2rem; } h2 { font-size: 1rem; margin: 0 0 .5rem; }
ul { list-style: none; padding: 0; margin: .25rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
li::before { content: ""; display: inline-block; width: .7em; height: .7em; margin-right: .35em; background: var(--colour); }
li.absent { opacity: .55; } svg { width: 100%; } text { font-size: 11px; fill: #59636e; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: .2rem .5rem; border-bottom: 1px solid #d0d7de; }
"""


class Metrics:
    """The values of every metric by the second in which their period began."""

    def __init__(self, lines, period):
        self.period = period
        self.series = collections.defaultdict(lambda: collections.defaultdict(list))
        self.handled = collections.defaultdict(list)
        for line in lines:
            if line.startswith("{"):
                self.read(json.loads(line))

    def read(self, line):
        if line.get("message") == "handled" and "command" in line and line.get("function") == "interactions":
            self.handled[line["command"]].append(line)
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            second = line["_aws"]["Timestamp"] // 1000 // self.period * self.period
            for names in directive["Dimensions"]:
                dimensions = tuple(it for name in names for it in (name, line[name]))
                for metric in directive["Metrics"]:
                    key = (directive["Namespace"], metric["Name"], *dimensions)
                    self.series[key][second].append(line[metric["Name"]])

    def span(self):
        seconds = [second for values in self.series.values() for second in values]
        return min(seconds), max(seconds)

    def points(self, key, statistic):
        return [(second, of(statistic, values)) for second, values in sorted(self.series.get(key, {}).items())]


def of(statistic, values):
    if statistic == "Sum":
        return sum(values)
    if statistic == "Average":
        return sum(values) / len(values)
    if statistic == "Maximum":
        return max(values)
    if statistic == "SampleCount":
        return len(values)
    percent = float(re.fullmatch(r"p([\d.]+)", statistic)[1])
    return sorted(values)[max(0, math.ceil(percent / 100 * len(values)) - 1)]


def drawn(widget, metrics):
    properties = widget["properties"]
    title = f"<h2>{html.escape(properties['title'])}</h2>"
    if widget["type"] == "log":
        return f"<section>{title}{table(metrics)}</section>"
    lines, names = [], []
    for number, metric in enumerate(properties["metrics"]):
        options = metric[-1] if isinstance(metric[-1], dict) else {}
        key = tuple(part for part in metric if isinstance(part, str))
        statistic = options.get("stat", properties.get("stat"))
        points, colour = metrics.points(key, statistic), COLOURS[number % len(COLOURS)]
        of_what = re.sub(r"\$\{(\w+)[^}]*\}", r"\1", key[-1])
        label = options.get("label") or f"{key[1]} {of_what} {statistic}"
        absent = "" if points else ' class="absent"'
        note = "" if points else " (AWS's own)" if key[0].startswith("AWS/") else " (none)"
        names.append(f'<li{absent} style="--colour:{colour}">{html.escape(label + note)}</li>')
        lines.append((points, colour))
    marks = [it["value"] for it in properties.get("annotations", {}).get("horizontal", [])]
    return f"<section>{title}{plot(lines, metrics.span(), marks)}<ul>{''.join(names)}</ul></section>"


def plot(lines, span, marks):
    values = [value for points, _ in lines for _, value in points]
    if not values:
        return ""
    highest = max([*values, 1])
    seconds = max(span[1] - span[0], 1)

    def x(second):
        return LEFT + (second - span[0]) / seconds * (WIDTH - LEFT - 8)

    def y(value):
        return HEIGHT - BOTTOM - value / highest * (HEIGHT - BOTTOM - TOP)

    parts = []
    for share in (0, 0.5, 1):
        value = highest * share
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y(value):.1f}" y2="{y(value):.1f}" stroke="#d0d7de"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(value) + 4:.1f}" text-anchor="end">{value:.6g}</text>')
    for mark in marks:
        if mark <= highest:
            parts.append(f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y(mark):.1f}" y2="{y(mark):.1f}" stroke="#cf222e" stroke-dasharray="4"/>')
    for second in (span[0], span[1]):
        anchor = "start" if second == span[0] else "end"
        parts.append(f'<text x="{x(second):.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{second - span[0]} s</text>')
    for points, colour in lines:
        path = " ".join(f"{x(second):.1f},{y(value):.1f}" for second, value in points)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts += [f'<circle cx="{x(second):.1f}" cy="{y(value):.1f}" r="2" fill="{colour}"/>' for second, value in points]
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def table(metrics):
    rows = []
    for command, lines in sorted(metrics.handled.items(), key=lambda it: -len(it[1])):
        failed = of("Average", [line.get("Failed", 0) for line in lines])
        ages = [line["AgeMs"] for line in lines if "AgeMs" in line]
        p95 = of("p95", ages) if ages else "-"
        rows.append(f"<tr><td>{html.escape(command)}</td><td>{len(lines)}</td><td>{failed:.1f}</td><td>{p95}</td></tr>")
    return f"<table><tr><th>command</th><th>answers</th><th>failed %</th><th>p95 ms</th></tr>{''.join(rows)}</table>"


def main():
    parser = argparse.ArgumentParser(prog="cargo xtask dashboard", description=__doc__)
    parser.add_argument("lines", help="a file of log lines, such as the standard error of `cargo run -- --log info`")
    parser.add_argument("--period", type=int, default=60, help="seconds of a point")
    parser.add_argument("--out", default="target/dashboard.html", help="the page")
    given = parser.parse_args()
    template = yaml_parse(pathlib.Path("template.yaml").read_text(encoding="utf-8"))
    body = template["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    widgets = json.loads(body.replace("${AWS::StackName}", STACK))["widgets"]
    metrics = Metrics(pathlib.Path(given.lines).read_text(encoding="utf-8").splitlines(), given.period)
    if not metrics.series:
        sys.exit(f"{given.lines} has no line with metrics")
    sections = "".join(drawn(widget, metrics) for widget in widgets)
    page = f"<!DOCTYPE html><meta charset=utf-8><title>Dashboard</title><style>{STYLE}</style><h1>Steward/{STACK}</h1><main>{sections}</main>"
    pathlib.Path(given.out).write_text(page, encoding="utf-8")
    print(given.out)


if __name__ == "__main__":
    main()
