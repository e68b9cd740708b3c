"""Rules for the expanded template that CloudFormation does not check."""

import json
import re

# Lambda calls these with the role of a function that a queue invokes; our code does not.
CALLED_BY_LAMBDA = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"}

# Values that are fixed when a stack is created.
NEVER_CHANGED = {"Stage", "DiscordApiBase", "DiscordCdnBase", "WeatherApiBase", "WeatherGeocodingApiBase"}

# Secrets, each with the parameter that is raised when it changes. A description is shown to whoever may list functions.
RAISED_WITH = {"OpenMeteoApiKey": "OpenMeteoApiKeyVersion"}

# Calls of shared/aws that read or write items: through `Access`, in a transaction (which needs the right to each of
# its actions), and directly.
THROUGH_ACCESS = re.compile(r"\baccess(?:\(\))?\s*\.(get|put|update|delete)\(")
IN_A_TRANSACTION = re.compile(r"TransactWriteItem::builder\(\)\s*\.(put|update|delete|condition_check)\(")
DIRECTLY = {"get_item", "put_item", "update_item", "delete_item", "query", "batch_get_item", "batch_write_item"}

# How a kind of item declares its table, and the operations of every kind that is declared by `stored!`.
TABLE_OF_A_KIND = re.compile(r"\bversion \d+ in (\w+);")
EVERY_STORED_KIND = "impl<T: Stored> Store<T>"

# Actions that know no resource.
OF_THE_WHOLE_ACCOUNT = {
    "cloudwatch:DescribeAlarms",
    "cloudwatch:GetMetricData",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}

# Access log variables whose text comes from elsewhere. The gateway does not escape it.
FREE_TEXT = re.compile(r"\$context\.(integrationErrorMessage|integration\.error|authorizer\.error|identity\.userAgent|path)\b")


def problems(resources, called):
    """Sentences about the resources of one stage. `called` holds the SDK's operations that the code uses: those on each
    table by its name in the template, and those on queues as `sqs`."""
    yield from rights(resources, called)
    yield from functions(resources)
    yield from kept_versions(resources)
    yield from releases(resources)
    yield from logs(resources)
    yield from queues(resources)
    yield from gateways(resources)


def operations(sources):
    """The SDK's operations in the Rust sources of shared/aws: those on each table, and as `sqs` every call of a client.
    A form of call that is not known here is not found, and then its right is refused."""
    sources = list(sources)
    called = {"sqs": set().union(*map(calls, sources))}
    of_every_kind = set().union(*(on_items(source) for source in sources if EVERY_STORED_KIND in source))
    for source in sources:
        for table in TABLE_OF_A_KIND.findall(source):
            inherited = of_every_kind if "stored! {" in source else set()
            called.setdefault(table, set()).update(on_items(source) | inherited)
    return called


def on_items(source):
    through = THROUGH_ACCESS.findall(source) + IN_A_TRANSACTION.findall(source)
    return {f"{operation}_item" for operation in through} | calls(source) & DIRECTLY


def calls(source):
    return set(re.findall(r"\.([a-z_]+)\(\)", source))


def rights(resources, called):
    for name, role in of_type(resources, "AWS::IAM::Role"):
        for managed in role.get("ManagedPolicyArns", []):
            yield f"{name} takes {text(managed)}, which allows on every resource; write out what is needed"
        for policy in role.get("Policies", []):
            for statement in listed(policy["PolicyDocument"]["Statement"]):
                if statement["Effect"] == "Allow":
                    yield from right(name, statement, called)
    for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        for name, _ in of_type(resources, kind):
            yield f"{name}: write policies at their role, where this looks for them"


def right(name, statement, called):
    if "NotAction" in statement or "NotResource" in statement:
        yield f"{name} allows all but something"
    of_all = set(listed(statement.get("Action", []))) <= OF_THE_WHOLE_ACCOUNT
    for resource in listed(statement.get("Resource", [])):
        pattern = resource.get("Fn::Sub", "") if isinstance(resource, dict) else resource
        # What begins with the stack's name belongs to it.
        if "*" in re.sub(r"\$\{AWS::StackName\}-[\w*/-]*$", "", pattern) and not of_all:
            yield f"{name} allows on {pattern}"
    for action in listed(statement.get("Action", [])):
        service, operation = action.split(":", 1) if ":" in action else (action, "")
        if "*" in action:
            yield f"{name} allows {action}"
        elif action == "dynamodb:Scan":
            yield f"{name} allows dynamodb:Scan: a table is read by key or index"
        elif service == "dynamodb":
            for table in sorted(referred(statement["Resource"])):
                if snake(operation) not in called.get(table, ()):
                    yield f"{name} allows {action} on {table}, which shared/aws never calls there"
        elif service == "sqs" and action not in CALLED_BY_LAMBDA and snake(operation) not in called["sqs"]:
            yield f"{name} allows {action}, which shared/aws never calls"


def functions(resources):
    aliases = {name for name, _ in of_type(resources, "AWS::Lambda::Alias")}
    groups = {name for name, _ in of_type(resources, "AWS::Logs::LogGroup")}
    live = [alias for _, alias in of_type(resources, "AWS::Lambda::Alias") if alias.get("Name") == "live"]
    called_by_codedeploy = hooks(resources)
    for name, function in of_type(resources, "AWS::Lambda::Function"):
        if name not in called_by_codedeploy and not any(name in referred(alias["FunctionName"]) for alias in live):
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
    """SAM publishes a new version only if the template's text changes, which a new parameter value does not."""
    read = referred(function.get("Environment")) - resources.keys() - NEVER_CHANGED
    read = {RAISED_WITH.get(parameter, parameter) for parameter in read}
    for _, version in of_type(resources, "AWS::Lambda::Version"):
        if name in referred(version["FunctionName"]):
            shown = referred(version.get("Description"))
            for parameter in sorted(read - shown):
                yield f"a new {parameter} would not reach the alias of {name}: name it in the VersionDescription"
            for parameter in sorted(RAISED_WITH.keys() & shown):
                yield f"the VersionDescription of {name} shows {parameter}, which is a secret"


def kept_versions(resources):
    """A release replaces the resource of a version. Without both policies CloudFormation deletes the version to which
    one would go back."""
    for name, it in resources.items():
        if it["Type"] == "AWS::Lambda::Version":
            policies = (it.get("DeletionPolicy"), it.get("UpdateReplacePolicy"))
            if policies != ("Retain", "Retain"):
                yield f"{name} is deleted by the next release: its function needs UpdateReplacePolicy: Retain alone"


# Functions whose new version is not probed before it gets traffic, each with the reason.
NOT_PROBED = {
    "Health": "no user and no alarm waits for it, and CodeDeploy's probe would need an HTTP event",
    "Heartbeat": "it is a probe itself: a broken one is a missing heartbeat",
}


def hooks(resources):
    """The functions that CodeDeploy calls before a new version gets traffic."""
    return set().union(*(referred(hook) for _, hook in traffic_hooks(resources)), set())


def traffic_hooks(resources):
    for name, it in resources.items():
        update = it.get("UpdatePolicy", {}).get("CodeDeployLambdaAliasUpdate", {})
        if it["Type"] == "AWS::Lambda::Alias" and "BeforeAllowTrafficHook" in update:
            yield name, update["BeforeAllowTrafficHook"]


def releases(resources):
    """A new version is probed before it gets traffic."""
    hooked = {name for name, _ in traffic_hooks(resources)}
    for name, hook in traffic_hooks(resources):
        for function in referred(hook):
            variables = resources[function]["Properties"].get("Environment", {}).get("Variables", {})
            if referred(variables.get("PROBE_TARGET")) != referred(resources[name]["Properties"]["FunctionVersion"]):
                yield f"{function} does not probe the version that {name} gets"
    for name, alias in of_type(resources, "AWS::Lambda::Alias"):
        function = next(iter(referred(alias["FunctionName"])), name)
        if name not in hooked and function not in NOT_PROBED:
            yield f"{function} gets traffic without a hook that has probed its new version"


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
        yield from policies(resources, name, name in dead)
        if name in dead:
            yield from dead_letters(resources, name, queue)
        elif not targets[name] & every.keys():
            yield f"{name} has no dead-letter queue: what fails for good would be lost, or come back for ever"
    for name, mapping in of_type(resources, "AWS::Lambda::EventSourceMapping"):
        yield from visibility(resources, every, name, mapping)


def policies(resources, name, is_dead):
    attached = [policy for _, policy in of_type(resources, "AWS::SQS::QueuePolicy") if name in referred(policy["Queues"])]
    statements = [it for policy in attached for it in listed(policy["PolicyDocument"]["Statement"])]
    denied = [it for it in statements if it["Effect"] == "Deny" and it["Principal"] == "*"]
    if not any(it.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}} and it["Action"] == "sqs:*" for it in denied):
        yield f"{name} can be used without TLS"
    reading = [it.get("Condition", {}) for it in denied if "sqs:ReceiveMessage" in listed(it["Action"])]
    if is_dead and not any("aws:PrincipalArn" in it.get("ArnNotEquals", {}) for it in reading):
        yield f"{name} can be read by every role that may receive from it; dead letters are for operators"


def dead_letters(resources, name, queue):
    alarms = of_type(resources, "AWS::CloudWatch::Alarm")
    if not any(name in referred(alarm.get("Dimensions")) and alarm.get("AlarmActions") for _, alarm in alarms):
        yield f"{name} has no alarm that tells anybody"
    if queue.get("MessageRetentionPeriod", 0) < 1_209_600:
        yield f"{name} keeps dead letters for less than the 14 days that it could"


def visibility(resources, every, name, mapping):
    """A message must not become visible again while its function may still be handling it."""
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
        log = stage.get("AccessLogSettings", {})
        if not log.get("DestinationArn"):
            yield f"{name} has no access log"
        for variable in FREE_TEXT.findall(log.get("Format", "")):
            yield f"{name} logs $context.{variable}, which is not escaped: a quote in it breaks the line"
        if not is_json(re.sub(r"\$context[.\w]+", "-", log.get("Format", "{}"))):
            yield f"{name} has an access log whose lines are not JSON"


def is_json(line):
    """A variable without a value becomes a bare `-`, which is no JSON, so each must be quoted."""
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def of_type(resources, kind):
    return [(name, it.get("Properties", {})) for name, it in resources.items() if it["Type"] == kind]


def referred(value):
    """The logical ids to which a value refers."""
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
