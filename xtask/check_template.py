"""Expands template.yaml for each environment of samconfig.toml, as a deploy would, and prints what is wrong.

Leaves the plain CloudFormation templates in the folder that it is given: cfn-lint looks into a function's
policies and events only there.
"""

import copy
import json
import logging
import os
import pathlib
import sys

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

import template_rules

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

STAGES = ["dev", "staging", "prod"]

# The transform needs a region, but nothing in the template depends on it.
os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")

# Otherwise it warns that its metrics are not collected.
logging.getLogger("samtranslator").setLevel(logging.ERROR)

# Parameters given at the first deploy, which are not in samconfig.toml.
GIVEN_ONCE = {"DiscordPublicKey": "0" * 64, "DiscordApplicationId": "1" * 18}


class ManagedPolicies:
    """Replaces the lookup of managed policies in an AWS account."""

    NAMES = ["service-role/AWSLambdaBasicExecutionRole", "AWSLambdaBasicExecutionRole", "AWSLambdaSQSQueueExecutionRole"]

    def load(self):
        return {name: "arn:aws:iam::aws:policy/" + name for name in self.NAMES}


def overrides_of(environment):
    given = environment["deploy"]["parameters"]["parameter_overrides"]
    pairs = given.split() if isinstance(given, str) else given
    return dict(pair.split("=", 1) for pair in pairs)


def check_environment(name, environment, template):
    """Yields all problems of one environment of samconfig.toml."""
    deploy, overrides = environment["deploy"]["parameters"], overrides_of(environment)
    parameters = template["Parameters"]
    if name not in deploy["stack_name"]:
        yield f"the stack of {name} is called {deploy['stack_name']}: deployed by mistake, it would replace another"
    if overrides.get("Stage") != name:
        yield f"{name} is deployed with Stage={overrides.get('Stage')}"
    for parameter, value in overrides.items():
        if parameter not in parameters:
            yield f"{name} gives {parameter}, which template.yaml does not have"
        elif value not in parameters[parameter].get("AllowedValues", [value]):
            yield f"{name} gives {parameter}={value}, which template.yaml does not allow"
    for parameter in parameters:
        if parameter not in overrides | GIVEN_ONCE and "Default" not in parameters[parameter]:
            yield f"{name} leaves {parameter} without a value"


def expand(template, values):
    """The template as plain CloudFormation, with a placeholder for the CodeUri that `sam build` sets."""
    template = copy.deepcopy(template)
    template["Globals"]["Function"]["CodeUri"] = "s3://bucket/key"
    return transform(template, values, ManagedPolicies())


def operations_called():
    """The SDK operations that shared/aws calls; no other crate may depend on the SDK."""
    sources = pathlib.Path("shared/aws/src").rglob("*.rs")
    return template_rules.operations(source.read_text(encoding="utf-8") for source in sources)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    with open("template.yaml", encoding="utf-8") as file:
        template = yaml_parse(file.read())
    with open("samconfig.toml", "rb") as file:
        environments = tomllib.load(file)
    problems, called = [], operations_called()
    for stage in STAGES:
        if "deploy" not in environments.get(stage, {}):
            problems.append(f"samconfig.toml has no [{stage}.deploy.parameters]")
            continue
        problems += check_environment(stage, environments[stage], template)
        try:
            expanded = expand(template, GIVEN_ONCE | overrides_of(environments[stage]))
            (folder / f"{stage}.json").write_text(json.dumps(expanded, indent=2), encoding="utf-8")
            problems += [f"{stage}: {it}" for it in template_rules.problems(expanded["Resources"], called)]
            print(f"{stage}: {len(expanded['Resources'])} resources")
        except InvalidDocumentException as error:
            problems += [f"{stage}: {cause.message}" for cause in error.causes]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
