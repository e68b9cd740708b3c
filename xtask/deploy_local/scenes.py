"""What is done with the deployed stack, in this order. The terminal shows the first line of each docstring."""

import contextlib
import json
import os
import time

import sender
from discord import ask
from told import expect, wait_until


def deploy(account, discord, given):
    """sam deploy --config-env dev"""
    left_out = account.deploy(parameters(discord, given))
    return f"{len(account.resources())} resources; left out: {', '.join(left_out)}"


def parameters(discord, given):
    return {
        "Stage": "local",
        "Architecture": given.architecture,
        "DiscordPublicKey": discord.public_key,
        "DiscordApplicationId": discord.application,
        "DiscordApiBase": discord.url,
        "DiscordCdnBase": discord.url,
        "WeatherApiBase": discord.weather,
        "WeatherGeocodingApiBase": discord.weather,
    }


def routes(account, _discord, _given):
    """the API gets the routes of its OpenAPI body"""
    opened = account.open_routes()
    expect(opened, "the API has no path")
    return ", ".join(opened)


def signatures(account, _discord, _given):
    """unsigned and forged requests are refused"""
    forged = {"X-Signature-Ed25519": "0" * 128, "X-Signature-Timestamp": str(int(time.time()))}
    for headers in ({}, forged):
        status, body = ask("POST", account.endpoint(), b'{"type":1}', headers)
        expect(status == 401, f"with the headers {headers} it was answered with {status}: {body.decode()}")
    return "401"


def endpoint(account, discord, _given):
    """Discord accepts the endpoint: PING is answered, bad signatures are refused"""
    discord.deliver_to(account.endpoint())


def ping(_account, discord, _given):
    """/ping is answered at once"""
    seen = discord.types("/ping")
    expect(len(seen.steps) == 1 and "answered" in seen.steps[0] and "Pong" in seen.text, seen)
    return f"{seen.ms} ms"


def tls(account, discord, _given):
    """the queues refuse plain HTTP; then that statement is removed"""
    seen = discord.types("/weather place:Rome")
    expect("Rome" not in seen.text and len(seen.steps) == 1, seen)
    expect("sqs.send" in denied_in(account.lines("interactions")), "a message was sent without TLS")
    account.adapt_queue_policies()


def denied_in(lines):
    """The calls that these log lines say were denied."""
    faults = [line for line in lines if line.get("message") == "fault"]
    return {line["component"] for line in faults if "AccessDenied" in str(line["code"])}


def weather(_account, discord, _given):
    """/weather goes through the queue, and its reply is edited"""
    seen = discord.types("/weather place:Paris")
    expect(seen.steps == ["thinking…", "edited"] and "Paris" in seen.text and "°C" in seen.text, seen)
    again = discord.types("/weather place:Paris")
    expect(again.steps == ["answered"] and again.text == seen.text, again)
    return f"{seen.ms} ms, and {again.ms} ms from the table"


def rights(account, discord, _given):
    """without its policy the interactions function may not use the queue, with it it may"""
    before = len(account.lines("interactions"))
    with policy_taken_from(account, "InteractionsRole"):
        seen = discord.types("/weather place:Oslo")
        expect("Oslo" not in seen.text and len(seen.steps) == 1, seen)
        denied = denied_in(account.lines("interactions")[before:])
        expect("sqs.send" in denied, f"the function was not denied the queue, only {denied}")
    seen = discord.types("/weather place:Oslo")
    expect(seen.steps == ["thinking…", "edited"] and "Oslo" in seen.text, seen)
    return "denied: " + ", ".join(sorted(denied))


@contextlib.contextmanager
def policy_taken_from(account, role):
    iam, name = account.client("iam"), account.resources()[role]
    policies = iam.list_role_policies(RoleName=name)["PolicyNames"]
    expect(len(policies) == 1, f"{role} has the policies {policies}")
    policy = iam.get_role_policy(RoleName=name, PolicyName=policies[0])
    iam.delete_role_policy(RoleName=name, PolicyName=policies[0])
    yield
    document = json.dumps(policy["PolicyDocument"])
    iam.put_role_policy(RoleName=name, PolicyName=policies[0], PolicyDocument=document)


def poison(account, _discord, _given):
    """the jobs function sends an unparseable message to the dead-letter queue"""
    sqs, outputs = account.client("sqs"), account.outputs()
    jobs, dead = outputs["JobsQueueUrl"], outputs["JobsDeadLettersUrl"]
    sqs.send_message(QueueUrl=jobs, MessageBody='{"no":"job"}')
    receive = {"QueueUrl": dead, "WaitTimeSeconds": 1, "MessageAttributeNames": ["All"]}
    operator = account.client("sqs", "OperatorRole")
    letter = wait_until(lambda: operator.receive_message(**receive).get("Messages"), 60, "there is no dead letter")[0]
    expect(letter["Body"] == '{"no":"job"}', f"another message is there: {letter}")
    attributes = {name: of["StringValue"] for name, of in letter["MessageAttributes"].items()}
    expect(attributes["source"].endswith("-jobs"), f"it came from elsewhere: {letter}")
    expect((attributes["cause"], attributes["attempts"]) == ("unreadable", "0"), f"it says {attributes}")
    receives = [line["receives"] for line in account.lines("jobs") if line.get("message") == "unreadable message"]
    expect(receives == [1], f"the jobs function saw it at receives {receives}")


def operators(account, _discord, _given):
    """the operator's role may read dead letters and set flags"""
    outputs, state = account.outputs(), account.resources()["State"]
    operator = account.client("sqs", "OperatorRole")
    operator.receive_message(QueueUrl=outputs["JobsDeadLettersUrl"])
    flags = {"pk": {"S": "FLAGS"}, "sk": {"S": "TRIED"}}
    account.client("dynamodb", "OperatorRole").put_item(TableName=state, Item=flags)
    account.client("dynamodb").delete_item(TableName=state, Key=flags)


def probes(account, _discord, _given):
    """the hooks and the heartbeat probe the functions with the rights of their role"""
    codedeploy = {"DeploymentId": "d-1", "LifecycleEventHookExecutionId": "1"}
    for hook in ("InteractionsProbe", "JobsProbe"):
        failures = account.invoke(account.resources()[hook], codedeploy)["failures"]
        expect(len(failures) == 1 and "CodeDeploy does not take the result" in failures[0], f"{hook}: {failures}")
    account.allow_list_aliases()
    failures = account.invoke(account.outputs()["HeartbeatFunction"] + ":live", {"heartbeat": True})["failures"]
    expect(len(failures) == 1 and failures[0].startswith("endpoint: "), f"the heartbeat: {failures}")
    return "all is well but CodeDeploy and the endpoint's address, which are not here"


def release(account, discord, given):
    """a rotated key publishes a new version of the interactions function, and of nothing else"""
    before = [account.live_version(name) for name in ("InteractionsFunction", "JobsFunction")]
    both = f"{discord.public_key},{sender.PUBLIC_KEY}"
    account.deploy(parameters(discord, given) | {"DiscordPublicKey": both})
    after = [account.live_version(name) for name in ("InteractionsFunction", "JobsFunction")]
    expect((before, after) == (["1", "1"], ["2", "1"]), f"the versions were {before} and are {after}")
    seen = discord.types("/weather place:Lima")
    expect(seen.steps == ["thinking…", "edited"], seen)
    handled = [line for line in account.lines("interactions") if line.get("message") == "handled"]
    expect(handled[-1]["version"] == "2", f"an old version answered: {handled[-1]}")


def roll_back(account, discord, _given):
    """the version before is kept, and answers when the alias is moved back to it"""
    functions, name = account.client("lambda"), account.outputs()["InteractionsFunction"]
    kept = [it["Version"] for it in functions.list_versions_by_function(FunctionName=name)["Versions"]]
    expect({"1", "2"} <= set(kept), f"the versions {kept} are left")
    for version in ("1", "2"):
        functions.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
        seen = discord.types("/ping")
        expect("Pong" in seen.text, seen)
        handled = [line for line in account.lines("interactions") if line.get("message") == "handled"]
        expect(handled[-1]["version"] == version, f"another version answered: {handled[-1]}")


def settings(account, _discord, given):
    """a changed setting, signed with the new key, is stored in the State table in one transaction"""
    panel = sender.send("slash_ping.json", {"id": "1", "name": "settings", "type": 1}, account, given)
    units = sender.select_with("imperial", panel)
    expect(units, f"/settings offers no units: {panel}")
    data = {"component_type": 3, "id": 1, "custom_id": units, "values": ["imperial"]}
    changed = sender.send("button.json", data, account, given)
    expect(changed["type"] == 7 and "Units → Imperial" in json.dumps(changed, ensure_ascii=False), changed)
    kept = account.client("dynamodb").scan(TableName=account.resources()["State"])["Items"]
    expect(len(kept) == 2, f"the settings and one change should be kept, not {kept}")


def queue(account, _discord, given):
    """the queue's wire suite holds against this SQS too"""
    test = ["test", "--quiet", "--locked", "--package", "steward-local-sqs", "--test", "queue", "--", "wire"]
    # cargo needs the user's own environment.
    account.machine.run("wire-suite", [given.cargo, *test], **os.environ | {"SQS_ENDPOINT": account.url})
    return next(line for line in account.machine.tail("wire-suite").splitlines()[::-1] if "passed" in line)


SCENES = [
    *[deploy, routes, signatures, endpoint, ping, tls, weather, rights, poison, operators],
    *[probes, release, roll_back, settings, queue],
]
