"""Breaks each rule once, and checks that only this rule reports it."""

import copy
import unittest

from template_rules import operations, problems

STATEMENT = {"Effect": "Allow", "Action": ["dynamodb:GetItem"], "Resource": {"Fn::GetAtt": ["Table", "Arn"]}}
ALIAS = {"Ref": "FunctionAlias"}
CALLED = {"Table": {"get_item"}, "sqs": {"send_message"}}
ARN = "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${FunctionAlias}/invocations"


def template():
    """The smallest valid template."""
    role = {"Policies": [{"PolicyName": "p", "PolicyDocument": {"Statement": [copy.deepcopy(STATEMENT)]}}]}
    operation = {"x-amazon-apigateway-integration": {"uri": {"Fn::Sub": ARN}}}
    mapping = {"FunctionName": ALIAS, "EventSourceArn": {"Fn::GetAtt": ["Queue", "Arn"]}}
    mapping["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    variables = {"KEY": {"Ref": "Key"}, "TABLE": {"Ref": "Dead"}, "STAGE": {"Ref": "Stage"}}
    function = {"Timeout": 30, "LoggingConfig": {"LogGroup": {"Ref": "Logs"}}, "Environment": {"Variables": variables}}
    throttle = {"ThrottlingRateLimit": 1, "ThrottlingBurstLimit": 1}
    kinds = {
        "Role": ("AWS::IAM::Role", role),
        "Function": ("AWS::Lambda::Function", function),
        "Hook": ("AWS::Lambda::Function", {"LoggingConfig": {"LogGroup": {"Ref": "Logs"}}, "Environment": probing("Version")}),
        "Version": ("AWS::Lambda::Version", {"FunctionName": {"Ref": "Function"}, "Description": {"Fn::Sub": "${Key}"}}),
        "FunctionAlias": ("AWS::Lambda::Alias", alias()),
        "Mapping": ("AWS::Lambda::EventSourceMapping", mapping),
        "Permission": ("AWS::Lambda::Permission", {"FunctionName": ALIAS}),
        "Api": ("AWS::ApiGatewayV2::Api", {"Body": {"paths": {"/x": {"post": operation}}}}),
        "Logs": ("AWS::Logs::LogGroup", {"RetentionInDays": 14}),
        "Queue": ("AWS::SQS::Queue", {"VisibilityTimeout": 90, "RedrivePolicy": {"deadLetterTargetArn": of_dead("Arn")}}),
        "Dead": ("AWS::SQS::Queue", {"MessageRetentionPeriod": 1_209_600}),
        "Policy": ("AWS::SQS::QueuePolicy", policy("Queue", tls())),
        "DeadPolicy": ("AWS::SQS::QueuePolicy", policy("Dead", tls(), reading())),
        "Alarm": ("AWS::CloudWatch::Alarm", {"Dimensions": [{"Value": of_dead("QueueName")}], "AlarmActions": ["topic"]}),
        "Gateway": ("AWS::ApiGatewayV2::Stage", {"DefaultRouteSettings": throttle, "AccessLogSettings": log()}),
    }
    resources = {name: {"Type": kind, "Properties": properties} for name, (kind, properties) in kinds.items()}
    resources["Version"] |= {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    hook = {"BeforeAllowTrafficHook": {"Ref": "Hook"}}
    resources["FunctionAlias"]["UpdatePolicy"] = {"CodeDeployLambdaAliasUpdate": hook}
    return resources


def alias():
    version = {"Fn::GetAtt": ["Version", "Version"]}
    return {"Name": "live", "FunctionName": {"Ref": "Function"}, "FunctionVersion": version}


def probing(target):
    return {"Variables": {"PROBE_TARGET": {"Ref": target}}}


def policy(queue, *statements):
    return {"Queues": [{"Ref": queue}], "PolicyDocument": {"Statement": list(statements)}}


def tls():
    condition = {"Bool": {"aws:SecureTransport": "false"}}
    return {"Effect": "Deny", "Principal": "*", "Action": "sqs:*", "Condition": condition}


def reading():
    condition = {"ArnNotEquals": {"aws:PrincipalArn": {"Fn::GetAtt": ["Role", "Arn"]}}}
    return {"Effect": "Deny", "Principal": "*", "Action": "sqs:ReceiveMessage", "Condition": condition}


def log(line='{"status":"$context.status","ip":"$context.identity.sourceIp"}'):
    return {"DestinationArn": "logs", "Format": line}


def of_dead(attribute):
    return {"Fn::GetAtt": ["Dead", attribute]}


OF_ALL = {"Effect": "Allow", "Action": "cloudwatch:DescribeAlarms", "Resource": "*"}


def statements(of):
    return of["Role"]["Policies"][0]["PolicyDocument"]["Statement"]


class Rules(unittest.TestCase):
    def test_a_release_keeps_the_version_before(self):
        for policy in ("DeletionPolicy", "UpdateReplacePolicy"):
            resources = template()
            del resources["Version"][policy]
            said = list(problems(resources, CALLED))
            self.assertEqual(len(said), 1, said)
            self.assertIn("deleted by the next release", said[0])

    def test_a_new_version_is_probed_before_it_gets_traffic(self):
        resources = template()
        del resources["FunctionAlias"]["UpdatePolicy"]
        said = list(problems(resources, CALLED))
        self.assertEqual(len(said), 2, said)
        self.assertIn("Hook has no alias `live`", said[0])
        self.assertIn("Function gets traffic without a hook", said[1])

    def test_a_hook_probes_the_version_that_gets_the_traffic(self):
        self.refused("Hook does not probe the version", lambda of: of["Hook"].update(Environment=probing("FunctionAlias")))

    def said(self, change):
        resources = template()
        change({name: it["Properties"] for name, it in resources.items()})
        return list(problems(resources, CALLED))

    def refused(self, word, change):
        said = self.said(change)
        self.assertEqual(len(said), 1, said)
        self.assertIn(word, said[0])

    def right(self, word, **change):
        def allow(of):
            of["Role"]["Policies"][0]["PolicyDocument"]["Statement"][0].update(change)

        self.refused(word, allow)

    def test_nothing_is_wrong_with_a_right_template(self):
        self.assertEqual(self.said(lambda of: None), [])

    def test_rights_are_written_out(self):
        self.right("allows on *", Resource="*")
        self.right("allows on arn:aws:sqs:*", Resource=["arn:aws:sqs:*"])
        self.right("allows on arn:aws:lambda:::function:*", Resource={"Fn::Sub": "arn:aws:lambda:::function:*"})
        self.right("allows dynamodb:*", Action="dynamodb:*")
        self.right("allows *", Action="*")
        self.right("Scan", Action=["dynamodb:Scan"])
        self.right("UpdateItem on Table, which shared/aws never calls", Action=["dynamodb:GetItem", "dynamodb:UpdateItem"])
        self.right("GetItem on Other", Resource={"Fn::GetAtt": ["Other", "Arn"]})
        self.right("sqs:PurgeQueue", Action=["sqs:SendMessage", "sqs:PurgeQueue"])
        self.right("allows on *", Action=["dynamodb:GetItem", "cloudwatch:DescribeAlarms"], Resource="*")
        self.assertEqual(self.said(lambda of: statements(of).append(OF_ALL)), [])
        self.right("all but something", NotAction="dynamodb:Scan")
        self.refused("every resource", lambda of: of["Role"].update(ManagedPolicyArns=["arn:aws:iam::aws:policy/X"]))

    def test_what_a_role_is_denied_is_no_right(self):
        deny = {"Effect": "Deny", "Action": "dynamodb:*", "Resource": "*"}
        said = self.said(lambda of: of["Role"]["Policies"][0]["PolicyDocument"]["Statement"].append(deny))
        self.assertEqual(said, [])

    def test_whoever_calls_a_function_calls_its_alias(self):
        self.refused("not its alias", lambda of: of["Mapping"].update(FunctionName={"Ref": "Function"}))
        self.refused("not its alias", lambda of: of["Permission"].update(FunctionName={"Ref": "Function"}))
        integration = {"uri": {"Fn::Sub": ARN.replace("FunctionAlias", "Function.Arn")}}
        post = {"x-amazon-apigateway-integration": integration}
        self.refused("not to its alias", lambda of: of["Api"]["Body"]["paths"]["/x"].update(post=post))
        self.refused("no alias `live`", lambda of: of["FunctionAlias"].update(Name="other"))

    def test_a_changed_parameter_is_a_new_version(self):
        self.refused("a new Key would not reach", lambda of: of["Version"].pop("Description"))
        other = {"Variables": {"LEVEL": {"Ref": "Level"}}}
        self.refused("a new Level would not reach", lambda of: of["Function"].update(Environment=other))

    def test_a_secret_is_not_shown_in_a_description_and_what_is_raised_with_it_is(self):
        secret = {"Variables": {"KEY": {"Ref": "Key"}, "SECRET": {"Ref": "OpenMeteoApiKey"}}}
        self.refused("a new OpenMeteoApiKeyVersion would not", lambda of: of["Function"].update(Environment=secret))
        shown = {"Fn::Sub": "${Key} ${OpenMeteoApiKey}"}
        self.refused("shows OpenMeteoApiKey", lambda of: of["Version"].update(Description=shown))

    def test_logs_have_a_group_and_an_end(self):
        self.refused("for ever", lambda of: of["Function"].pop("LoggingConfig"))
        self.refused("for ever", lambda of: of["Logs"].pop("RetentionInDays"))
        self.refused("access log", lambda of: of["Gateway"].pop("AccessLogSettings"))
        unescaped = log('{"error":"$context.integrationErrorMessage"}')
        self.refused("not escaped", lambda of: of["Gateway"].update(AccessLogSettings=unescaped))
        bare = log('{"error":$context.error.messageString}')
        self.refused("not JSON", lambda of: of["Gateway"].update(AccessLogSettings=bare))

    def test_a_queue_gives_up_and_somebody_is_told(self):
        said = self.said(lambda of: of["Queue"].pop("RedrivePolicy"))
        self.assertIn("Queue has no dead-letter queue", said[0])
        self.refused("no alarm", lambda of: of["Alarm"].pop("AlarmActions"))
        self.refused("14 days", lambda of: of["Dead"].update(MessageRetentionPeriod=345_600))
        self.refused("again while", lambda of: of["Queue"].update(VisibilityTimeout=20))
        self.refused("whole batch", lambda of: of["Mapping"].pop("FunctionResponseTypes"))

    def test_queues_want_tls_and_dead_letters_are_for_operators(self):
        self.refused("Queue can be used without TLS", lambda of: of["Policy"]["PolicyDocument"].update(Statement=[]))
        self.refused("Dead can be used without TLS", lambda of: of["DeadPolicy"]["PolicyDocument"].update(Statement=reading()))
        self.refused("for operators", lambda of: of["DeadPolicy"]["PolicyDocument"].update(Statement=[tls()]))

    def test_the_front_door_has_a_throttle(self):
        self.refused("no throttle", lambda of: of["Gateway"].update(DefaultRouteSettings={"ThrottlingRateLimit": 5}))

    def test_operations_are_read_from_the_code_for_each_table(self):
        every_kind = "impl<T: Stored> Store<T> { self.access.get(key, true) }"
        home = 'stored! { Home: "home" version 1 in State; }'
        claim = '"claim" version 1 in Ephemeral; self\n.access()\n.delete(key, ours)'
        change = '"settings" version 2 in State; TransactWriteItem::builder().update(settings).build()'
        log = '"change" version 1 in State; self.access().client().query()'
        queue = "self.client.send_message().queue_url(url)"
        called = operations(iter([every_kind, home, claim, change, log, queue]))
        self.assertEqual(called["State"], {"get_item", "update_item", "query"})
        self.assertEqual(called["Ephemeral"], {"delete_item"})
        self.assertIn("send_message", called["sqs"])


if __name__ == "__main__":
    unittest.main()
