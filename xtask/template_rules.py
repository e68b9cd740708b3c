"""What must hold for the expanded template, though CloudFormation would take it otherwise."""

import re

# Lambda calls these in the name of a function that a queue feeds; no line of ours does.
CALLED_BY_LAMBDA = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

# A stack is born with these; another value would be another stack.
NEVER_CHANGED = {"Stage", "DiscordApiBase", "DiscordCdnBase", "WeatherApiBase", "WeatherGeocodingApiBase"}

# A transaction needs the right to each thing that it does.
IN_A_TRANSACTION = {"put_item", "update_item", "delete_item", "condition_check_item"}


def problems(resources, called):
    """Sentences about the resources of one stage. `called` holds the SDK's operations that the code uses."""
    yield from rights(resources, called)
    yield from functions(resources)
    yield from logs(resources)
    yield from queues(resources)
    yield from gateways(resources)


def operations(sources):
    """The SDK's operations that Rust sources call: `.put_item()` of a client."""
    found = set(re.findall(r"\.([a-z_]+)\(\)", "".join(sources)))
    return found | IN_A_TRANSACTION if "transact_write_items" in found else found


def rights(resources, called):
    for name, role in of_type(resources, "AWS::IAM::Role"):
        for managed in role.get("ManagedPolicyArns", []):
            yield f"{name} takes {text(managed)}, which allows on every resource; write out what is needed"
        for policy in role.get("Policies", []):
            for statement in listed(policy["PolicyDocument"]["Statement"]):
                yield from right(name, statement, called)
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, _ in of_type(resources, kind):
            yield f"{name}: write policies at their role, where this looks for them"


def right(name, statement, called):
    if "NotAction" in statement or "NotResource" in statement:
        yield f"{name} allows all but something"
    for resource in listed(statement.get("Resource", [])):
        if isinstance(resource, str) and "*" in resource:
            yield f"{name} allows on {resource}"
    for action in listed(statement.get("Action", [])):
        service, operation = action.split(":", 1) if ":" in action else (action, "")
        if "*" in action:
            yield f"{name} allows {action}"
        elif action == "dynamodb:Scan":
            yield f"{name} allows dynamodb:Scan: a table is read by key or index"
        elif service in ("dynamodb", "sqs") and action not in CALLED_BY_LAMBDA and snake(operation) not in called:
            yield f"{name} allows {action}, which shared/aws never calls"


def functions(resources):
    aliases = {name for name, _ in of_type(resources, "AWS::Lambda::Alias")}
    groups = {name for name, _ in of_type(resources, "AWS::Logs::LogGroup")}
    live = [alias for _, alias in of_type(resources, "AWS::Lambda::Alias") if alias.get("Name") == "live"]
    for name, function in of_type(resources, "AWS::Lambda::Function"):
        if not any(name in referred(alias["FunctionName"]) for alias in live):
            yield f"{name} has no alias `live`"
        if not referred(function.get("LoggingConfig", {}).get("LogGroup")) & groups:
            yield f"{name} logs to a group that Lambda makes, which keeps everything for ever"
        yield from versions(resources, name, function)
    for kind in ("AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission"):
        for name, caller in of_type(resources, kind):
            if not referred(caller["FunctionName"]) & aliases:
                yield f"{name} calls a function, not its alias: a release would reach it at once"
    for name, api in of_type(resources, "AWS::ApiGatewayV2::Api"):
        for path, operation in routes(api):
            if not referred(operation["x-amazon-apigateway-integration"]["uri"]) & aliases:
                yield f"{name} sends {path} to a function, not to its alias"


def versions(resources, name, function):
    """SAM compares what stands in the template, and a parameter's new value does not stand there."""
    read = referred(function.get("Environment")) - resources.keys() - NEVER_CHANGED
    for _, version in of_type(resources, "AWS::Lambda::Version"):
        if name in referred(version["FunctionName"]):
            for parameter in sorted(read - referred(version.get("Description"))):
                yield f"a new {parameter} would not reach the alias of {name}: name it in the VersionDescription"


def routes(api):
    for path, methods in api.get("Body", {}).get("paths", {}).items():
        for operation in methods.values():
            yield path, operation


def logs(resources):
    for name, group in of_type(resources, "AWS::Logs::LogGroup"):
        if not group.get("RetentionInDays"):
            yield f"{name} keeps its lines for ever"


def queues(resources):
    every = dict(of_type(resources, "AWS::SQS::Queue"))
    targets = {name: referred(queue.get("RedrivePolicy", {}).get("deadLetterTargetArn")) for name, queue in every.items()}
    dead = set().union(*targets.values()) if targets else set()
    for name, queue in every.items():
        if name in dead:
            yield from dead_letters(resources, name, queue)
        elif not targets[name] & every.keys():
            yield f"{name} has no dead-letter queue: what fails for good would be lost, or come back for ever"
    for name, mapping in of_type(resources, "AWS::Lambda::EventSourceMapping"):
        yield from visibility(resources, every, name, mapping)


def dead_letters(resources, name, queue):
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    if not any(name in referred(alarm.get("Dimensions")) and alarm.get("AlarmActions") for _, alarm in alarms):
        yield f"{name} has no alarm that tells anybody"
    if queue.get("MessageRetentionPeriod", 0) < 1_209_600:
        yield f"{name} keeps dead letters for less than the 14 days that it could"


def visibility(resources, every, name, mapping):
    """A message must not come back while its function may still be at it."""
    aliases = dict(of_type(resources, "AWS::Lambda::Alias"))
    for alias in referred(mapping["FunctionName"]) & aliases.keys():
        for function in referred(aliases[alias]["FunctionName"]):
            timeout = resources[function]["Properties"].get("Timeout", 3)
            for queue in referred(mapping["EventSourceArn"]) & every.keys():
                if every[queue].get("VisibilityTimeout", 30) < timeout:
                    yield f"{queue} shows a message again while {function} may still work on it"
    if mapping.get("FunctionResponseTypes") != ["ReportBatchItemFailures"]:
        yield f"{name} repeats a whole batch when one message fails"


def gateways(resources):
    for name, stage in of_type(resources, "AWS::ApiGatewayV2::Stage"):
        throttle = stage.get("DefaultRouteSettings", {})
        if not throttle.get("ThrottlingRateLimit") or not throttle.get("ThrottlingBurstLimit"):
            yield f"{name} has no throttle: a flood would use the account's concurrency"
        if not stage.get("AccessLogSettings", {}).get("DestinationArn"):
            yield f"{name} has no access log"


def of_type(resources, kind):
    return [(name, it.get("Properties", {})) for name, it in resources.items() if it["Type"] == kind]


def referred(value):
    """The logical ids that a value names."""
    if isinstance(value, list):
        return set().union(*map(referred, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    if "Ref" in value:
        return {value["Ref"]}
    if "Fn::GetAtt" in value:
        named = value["Fn::GetAtt"]
        return {named[0] if isinstance(named, list) else named.split(".")[0]}
    if "Fn::Sub" in value:
        template = value["Fn::Sub"]
        return set(re.findall(r"\$\{(\w+)[.}]", template if isinstance(template, str) else template[0]))
    return referred(list(value.values()))


def listed(value):
    return value if isinstance(value, list) else [value]


def snake(operation):
    return re.sub(r"(?<!^)(?=[A-Z])", "_", operation).lower()


def text(value):
    return value if isinstance(value, str) else str(value)
