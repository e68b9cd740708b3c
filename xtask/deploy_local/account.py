"""The AWS account, simulated by ministack: the stack that `sam deploy` creates, and what an operator can see."""

import json
import pathlib
import re
import sys

import boto3
import botocore.config
import yaml

from machine import free_port
from told import Failed

REGION = "us-east-1"
STACK = "steward-dev"
# The root of ministack's account. Functions get the keys of their roles.
KEYS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_DEFAULT_REGION": REGION}
BY_TLS = {"X-Forwarded-Proto": "https"}


class Account:
    def __init__(self, machine, port, given):
        self.machine = machine
        self.url = f"http://127.0.0.1:{port}"
        self.given = given

    @classmethod
    def start(cls, machine, given):
        account = cls(machine, free_port(), given)
        port = account.url.rsplit(":", 1)[1]
        machine.start(
            "ministack",
            [str(pathlib.Path(sys.executable).with_name("ministack"))],
            f"{account.url}/_ministack/health",
            **KEYS,
            AUTH="true",  # checks signatures and enforces policies
            AWS_ENDPOINT_URL=account.url,  # passed to the functions
            BIND_HOST="127.0.0.1",
            MINISTACK_HOST="127.0.0.1",
            GATEWAY_PORT=port,
            LAMBDA_EXECUTOR="local",
            IOT_MTLS_ENABLED="0",
            SFTP_ENABLED="0",
        )
        return account

    def client(self, service, role=None):
        """A client as the account's root or as a role of the stack. A header claims TLS, as a proxy would."""
        root = {"AccessKeyId": KEYS["AWS_ACCESS_KEY_ID"], "SecretAccessKey": KEYS["AWS_SECRET_ACCESS_KEY"]}
        credentials = self.credentials(role) if role else root
        client = boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=credentials["AccessKeyId"],
            aws_secret_access_key=credentials["SecretAccessKey"],
            aws_session_token=credentials.get("SessionToken"),
            config=botocore.config.Config(proxies={}, retries={"max_attempts": 0}),
        )
        client.meta.events.register("before-call", lambda params, **_: params["headers"].update(BY_TLS))
        return client

    def credentials(self, role):
        arn = self.client("iam").get_role(RoleName=self.resources()[role])["Role"]["Arn"]
        return self.client("sts").assume_role(RoleArn=arn, RoleSessionName="deploy-local")["Credentials"]

    def adapt_queue_policies(self):
        """The queues ask for TLS, and ministack has none that the functions would trust. And there `aws:PrincipalArn` is
        the ARN of a role's session, where AWS takes the role's."""
        sqs, resources = self.client("sqs"), self.resources()
        session = self.client("sts", "OperatorRole").get_caller_identity()["Arn"]
        for queue in ("JobsQueue", "TimersQueue", "JobsDeadLetters"):
            attributes = sqs.get_queue_attributes(QueueUrl=resources[queue], AttributeNames=["Policy"])["Attributes"]
            policy = json.loads(attributes["Policy"])
            policy["Statement"] = [it for it in policy["Statement"] if it["Sid"] != "OnlyOverTls"]
            for statement in policy["Statement"]:
                statement["Condition"]["ArnNotEquals"]["aws:PrincipalArn"] = session
            changed = json.dumps(policy) if policy["Statement"] else ""
            sqs.set_queue_attributes(QueueUrl=resources[queue], Attributes={"Policy": changed})

    def allow_list_aliases(self):
        """ministack asks for the right lambda:ListAliases where AWS asks for lambda:GetAlias, which the role has."""
        allow = {"Effect": "Allow", "Action": "lambda:ListAliases", "Resource": "*"}
        document = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
        role = self.resources()["ProbeRole"]
        self.client("iam").put_role_policy(RoleName=role, PolicyName="list-aliases", PolicyDocument=document)

    def deploy(self, parameters):
        """Runs `sam deploy --config-env dev` with URLs of this machine. Returns what the copy of the template leaves out."""
        template, left_out = deployable(self.given.template)
        overrides = [f"{name}={value}" for name, value in parameters.items()]
        arguments = ["deploy", "--config-env", "dev", "--config-file", str(pathlib.Path("samconfig.toml").resolve())]
        self.machine.run(
            "sam",
            [self.given.sam, *arguments, "--template-file", str(template), "--parameter-overrides", *overrides],
            **KEYS,
            AWS_ENDPOINT_URL=self.url,
            AWS_CONFIG_FILE="/dev/null",
            AWS_SHARED_CREDENTIALS_FILE="/dev/null",
            AWS_EC2_METADATA_DISABLED="true",
            SAM_CLI_TELEMETRY="0",
        )
        return left_out

    def resources(self):
        """The physical id of every resource, by its name in the template."""
        described = self.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
        return {it["LogicalResourceId"]: it["PhysicalResourceId"] for it in described}

    def outputs(self):
        stack = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
        return {it["OutputKey"]: it["OutputValue"] for it in stack["Outputs"]}

    def open_routes(self):
        """Creates the API's routes from its OpenAPI body, which ministack ignores."""
        gateway, resources = self.client("apigatewayv2"), self.resources()
        template = self.client("cloudformation").get_template(StackName=STACK, TemplateStage="Processed")["TemplateBody"]
        template = json.loads(template) if isinstance(template, str) else template
        opened = []
        for path, methods in template["Resources"]["Api"]["Properties"]["Body"]["paths"].items():
            for method, operation in methods.items():
                wanted = operation["x-amazon-apigateway-integration"]
                integration = gateway.create_integration(
                    ApiId=resources["Api"],
                    IntegrationType="AWS_PROXY",
                    IntegrationMethod=wanted["httpMethod"],
                    IntegrationUri=substituted(wanted["uri"]["Fn::Sub"], resources),
                    PayloadFormatVersion=wanted["payloadFormatVersion"],
                )
                target, key = f"integrations/{integration['IntegrationId']}", f"{method.upper()} {path}"
                gateway.create_route(ApiId=resources["Api"], RouteKey=key, Target=target)
                opened.append(key)
        return opened

    def endpoint(self):
        """The output `InteractionsEndpoint`, as a URL of ministack."""
        path = self.outputs()["InteractionsEndpoint"].split("/", 3)[3]
        return f"{self.url}/_aws/execute-api/{self.resources()['Api']}/$default/{path}"

    def live_version(self, function):
        return self.client("lambda").get_alias(FunctionName=self.outputs()[function], Name="live")["FunctionVersion"]

    def invoke(self, function, event):
        """The response of a function to an event of ours."""
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event).encode())
        response = json.loads(answer["Payload"].read())
        if "FunctionError" in answer:
            raise Failed(f"{function} failed: {response}")
        return response

    def lines(self, function):
        """The JSON log lines of a function, from its log group."""
        group = f"/aws/lambda/{STACK}/{function}"
        pages = self.client("logs").get_paginator("filter_log_events").paginate(logGroupName=group)
        messages = [event["message"] for page in pages for event in page["events"]]
        return [json.loads(message) for message in messages if message.startswith("{")]

    def log_lines(self):
        """The log lines of all functions, if they can be read."""
        try:
            return [f"{name}  {json.dumps(line)}" for name in ("interactions", "jobs", "probe") for line in self.lines(name)]
        except Exception as error:  # it must not hide the original failure
            return [f"cannot be read: {error}"]


# What ministack does not have.
LEFT_OUT_PROPERTY = "DeploymentPreference"
LEFT_OUT_TYPE = "AWS::CloudWatch::CompositeAlarm"


def deployable(built):
    """A copy of the built template, beside it, without what ministack does not have, and a list of that. The hooks stay: they
    are functions, and a step invokes them."""
    built = pathlib.Path(built)
    template = yaml.safe_load(built.read_text(encoding="utf-8"))
    left_out = []
    for name, resource in list(template["Resources"].items()):
        if resource["Type"] == LEFT_OUT_TYPE:
            del template["Resources"][name]
            left_out.append(name)
        elif resource.get("Properties", {}).pop(LEFT_OUT_PROPERTY, None):
            left_out.append(f"{LEFT_OUT_PROPERTY} of {name}")
    copy = built.with_name("template-for-ministack.yaml")
    copy.write_text(yaml.safe_dump(template, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return copy, left_out


def substituted(text, resources):
    known = resources | {"AWS::Partition": "aws", "AWS::Region": REGION}
    return re.sub(r"\$\{([\w:]+)\}", lambda name: known[name[1]], text)
