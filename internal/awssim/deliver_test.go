package awssim

import (
	"encoding/json"
	"maps"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

const farRegion = "us-east-1"

// alerting is an alert path from another Region to mail, queue, pipe, webhook and
// Slack. Every part can be made differently to see where a message stops.
type alerting struct {
	home, far                                        *client
	topic, key, queue, dead, destination, rule, mail string
	// made is everything in order of creation, with the client that made it.
	made []madeBy
}

type madeBy struct {
	by *client
	*made
}

// parts are what differs from the path that works, by the name of the resource.
type parts map[string]props

func newAlerting(t *testing.T, changes parts) *alerting {
	t.Helper()
	home := serve(t)
	p := &alerting{home: home, far: home.in(farRegion)}
	make := func(c *client, token, name string, in props) *made {
		t.Helper()
		m := c.create(token, name, with(in, changes[name]))
		p.made = append(p.made, madeBy{c, m})
		return m
	}
	account := home.account().ID
	ownAccount := props{"StringEquals": props{"aws:SourceAccount": account}}
	useKey := []any{"kms:GenerateDataKey*", "kms:Decrypt"}

	p.key = make(home, keyToken, "key", props{"policy": policy(
		rootStatement(home, "kms:*"),
		statementFor(service(eventsService), useKey, "*", nil),
		statementFor(props{"Service": []any{alarmsService, "budgets.amazonaws.com"}}, useKey, "*", ownAccount),
	)}).str("arn")
	p.topic = make(home, topicToken, "topic", props{"name": "alerts", "kmsMasterKeyId": p.key}).id
	p.rule = "arn:aws:events:" + testRegion + ":" + account + ":rule/page"
	make(home, topicPolicyToken, "topicPolicy", props{"arn": p.topic, "policy": policy(
		statementFor(service(eventsService), []any{"sns:Publish"}, p.topic, props{"ArnEquals": props{"aws:SourceArn": p.rule}}),
		statementFor(props{"Service": []any{alarmsService, "budgets.amazonaws.com"}}, []any{"sns:Publish"}, p.topic, ownAccount),
		props{
			"Effect": "Deny", "Principal": "*", "Action": "sns:Publish", "Resource": p.topic,
			"Condition": props{"Bool": props{"aws:SecureTransport": "false"}},
		},
	)})
	p.mail = make(home, subscriptionToken, "mail", props{"topic": p.topic, "protocol": "email", "endpoint": "ops@example.com"}).id
	if changes["mail"] == nil {
		require.NoError(t, home.account().ConfirmSubscription(p.mail))
	}

	dead := make(home, queueToken, "dead", props{"name": "dead"})
	p.dead = dead.str("arn")
	make(home, queuePolicyToken, "deadPolicy", props{"queueUrl": dead.id, "policy": policy(
		statementFor(service(eventsService), []any{"sqs:SendMessage"}, p.dead, props{"ArnEquals": props{"aws:SourceArn": p.rule}}),
	)})
	queue := make(home, queueToken, "queue", props{"name": "webhook"})
	p.queue = queue.str("arn")
	make(home, queuePolicyToken, "queuePolicy", props{"queueUrl": queue.id, "policy": policy(
		statementFor(service(snsService), []any{"sqs:SendMessage"}, p.queue, props{"ArnEquals": props{"aws:SourceArn": p.topic}}),
	)})
	make(home, subscriptionToken, "toQueue", props{"topic": p.topic, "protocol": "sqs", "endpoint": p.queue, "rawMessageDelivery": true})

	connection := make(home, connectionToken, "connection", props{"name": "hook", "authorizationType": "API_KEY", "authParameters": props{"apiKey": props{"key": "k", "value": "v"}}})
	p.destination = make(home, destinationToken, "destination", props{"name": "hook", "connectionArn": connection.str("arn"), "httpMethod": "POST", "invocationEndpoint": "https://hooks.example.com/x"}).str("arn")
	piper := home.role("piper", pipesService, []any{"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "events:InvokeApiDestination"}, "*")
	make(home, pipeToken, "pipe", props{"name": "webhook", "roleArn": piper, "source": p.queue, "target": p.destination,
		"targetParameters": props{"inputTemplate": `{"text":"<$.body.content.title>","from":"<aws.pipes.pipe-name>"}`}})

	chat := home.role("chat", chatbotService, nil, "")
	make(home, slackToken, "slack", props{"configurationName": "alerts", "iamRoleArn": chat, "slackTeamId": "T1", "slackChannelId": "C1", "snsTopicArns": []any{p.topic}})

	make(home, ruleToken, "rule", props{"name": "page", "eventPattern": `{"detail":{"severity":[{"numeric":[">=",7]}]}}`})
	custom := props{
		"inputPaths":    props{"type": "$.detail.type", "region": "$.region"},
		"inputTemplate": `{"version":"1.0","source":"custom","content":{"textType":"client-markdown","title":"<type>","description":"in <region>"}}`,
	}
	make(home, targetToken, "target", props{"rule": "page", "targetId": "topic", "arn": p.topic, "inputTransformer": custom, "deadLetterConfig": props{"arn": p.dead}})

	forwarder := home.role("forwarder", eventsService, []any{"events:PutEvents"}, "arn:aws:events:"+testRegion+":"+account+":event-bus/default")
	make(p.far, ruleToken, "forward", props{"name": "forward", "eventPattern": findings})
	make(p.far, targetToken, "forwardTarget", props{"rule": "forward", "targetId": "home", "arn": "arn:aws:events:" + testRegion + ":" + account + ":event-bus/default", "roleArn": forwarder})
	return p
}

func finding(region string, severity int) string {
	return jsonText(props{
		"version": "0", "id": "1", "detail-type": "GuardDuty Finding", "source": "aws.guardduty", "account": "123456789012",
		"time": "2026-01-01T00:00:00Z", "region": region, "resources": []any{},
		"detail": props{"severity": severity, "type": "Recon:EC2/Portscan"},
	})
}

// kinds are the kinds of the hops of a delivery.
func kinds(d Delivery) []string {
	var out []string
	for _, hop := range d.Trail {
		out = append(out, hop.Kind)
	}
	return out
}

// byProtocol finds the one delivery by a protocol.
func byProtocol(t *testing.T, all []Delivery, protocol string) Delivery {
	t.Helper()
	var found []Delivery
	for _, d := range all {
		if d.Protocol == protocol {
			found = append(found, d)
		}
	}
	require.Len(t, found, 1, "deliveries by %s among %+v", protocol, all)
	return found[0]
}

func TestEventReachesEverybody(t *testing.T) {
	p := newAlerting(t, nil)
	for region, start := range map[string][]string{
		testRegion: {"bus", "rule", "topic"},
		farRegion:  {"bus", "rule", "bus", "rule", "topic"},
	} {
		all := p.home.account().PutEvent(region, finding(region, 8))
		require.Len(t, all, 3)
		for _, d := range all {
			require.True(t, d.Arrived(), "%+v", d)
			require.Equal(t, start, kinds(d)[:len(start)])
		}
		mail := byProtocol(t, all, "email")
		require.Equal(t, "ops@example.com", mail.Endpoint)
		require.Contains(t, mail.Text, "Recon:EC2/Portscan")
		require.Equal(t, "Recon:EC2/Portscan\nin "+region, byProtocol(t, all, "slack").Text)
		hook := byProtocol(t, all, "api-destination")
		require.Equal(t, "https://hooks.example.com/x", hook.Endpoint)
		require.JSONEq(t, `{"text":"Recon:EC2/Portscan","from":"webhook"}`, hook.Text)
		require.Equal(t, []string{"subscription", "queue", "pipe", "api-destination"}, kinds(hook)[len(start):])
	}
	require.Empty(t, p.home.account().PutEvent(farRegion, finding(farRegion, 4)), "no rule at home matches")
	require.Empty(t, p.home.account().PutEvent("eu-west-1", finding("eu-west-1", 8)), "nothing listens there")
	require.Contains(t, p.home.account().PutEvent(testRegion, "x")[0].Dropped, "not a JSON object")
}

func TestEventStops(t *testing.T) {
	account := "123456789012"
	topic := "arn:aws:sns:" + testRegion + ":" + account + ":alerts"
	queue := "arn:aws:sqs:" + testRegion + ":" + account + ":webhook"
	trust := func(who string) string {
		return policy(props{"Effect": "Allow", "Principal": service(who), "Action": "sts:AssumeRole"})
	}
	root := statementFor(props{"AWS": "arn:aws:iam::" + account + ":root"}, []any{"kms:*"}, "*", nil)
	useKey := []any{"kms:GenerateDataKey*", "kms:Decrypt"}
	kept := props{"aws:SourceAccount": account}
	for _, test := range []struct {
		name    string
		changes parts
		after   func(*alerting)
		// dropped is a part of the reason; protocol is where, "" for the way there.
		protocol, dropped string
		deadLetter        bool
	}{
		{name: "topic policy names no EventBridge", changes: parts{"topicPolicy": {"policy": policy(statementFor(service("budgets.amazonaws.com"), []any{"sns:Publish"}, topic, nil))}}, dropped: "policy of topic alerts", deadLetter: true},
		{name: "topic policy names another rule", changes: parts{"topicPolicy": {"policy": policy(statementFor(service(eventsService), []any{"sns:Publish"}, topic, props{"ArnEquals": props{"aws:SourceArn": "arn:aws:events:" + testRegion + ":" + account + ":rule/other"}}))}}, dropped: "policy of topic alerts", deadLetter: true},
		{name: "key policy names no EventBridge", changes: parts{"key": {"policy": policy(root)}}, dropped: "key of " + topic, deadLetter: true},
		{name: "key policy asks EventBridge for its account", changes: parts{"key": {"policy": policy(root, statementFor(service(eventsService), useKey, "*", props{"StringEquals": kept}))}}, dropped: "key of " + topic, deadLetter: true},
		{name: "key policy without Decrypt", changes: parts{"key": {"policy": policy(root, statementFor(service(eventsService), []any{"kms:GenerateDataKey*"}, "*", nil))}}, dropped: "kms:Decrypt", deadLetter: true},
		{name: "AWS managed key", changes: parts{"topic": {"kmsMasterKeyId": "alias/aws/sns"}}, dropped: "key of " + topic, deadLetter: true},
		{name: "key that does not exist", changes: parts{"topic": {"kmsMasterKeyId": "alias/none"}}, dropped: "NotFoundException", deadLetter: true},
		{name: "key disabled", changes: parts{"key": {"isEnabled": false}}, dropped: "DisabledException", deadLetter: true},
		{name: "no topic", after: func(p *alerting) {
			require.NoError(p.home.t, p.home.account().Update(func(a *Account) { delete(a.SNS.Topics, p.topic) }))
		}, dropped: "Topic does not exist", deadLetter: true},
		{name: "dead-letter queue refuses", changes: parts{"key": {"policy": policy(root)}, "deadPolicy": {"policy": policy(statementFor(service(snsService), []any{"sqs:SendMessage"}, "arn:aws:sqs:"+testRegion+":"+account+":dead", nil))}}, dropped: "and the dead-letter queue"},
		{name: "no dead-letter queue", changes: parts{"key": {"policy": policy(root)}, "target": {"deadLetterConfig": nil}}, dropped: "key of " + topic},
		{name: "value that breaks the template", changes: parts{"target": {"inputTransformer": props{"inputPaths": props{"d": "$.detail"}, "inputTemplate": `{"text":"x <d>"}`}}}, after: func(p *alerting) {
			require.NoError(p.home.t, p.home.account().Update(func(a *Account) {
				a.Events.Targets[p.rule+"#topic"].Properties["inputTransformer"] = props{"inputPaths": props{"d": "$.broken"}, "inputTemplate": `{"text":"<d>"}`}
			}))
		}, dropped: "INVALID_JSON", deadLetter: true},
		{name: "forwarder may not put events", after: func(p *alerting) {
			require.NoError(p.home.t, p.home.account().Update(func(a *Account) { a.IAM.Roles["forwarder"].Inline = nil }))
		}, dropped: "events:PutEvents"},
		{name: "forwarder trusts nobody", after: func(p *alerting) {
			require.NoError(p.home.t, p.home.account().Update(func(a *Account) { a.IAM.Roles["forwarder"].TrustPolicy = trust("lambda.amazonaws.com") }))
		}, dropped: "sts:AssumeRole"},
		{name: "home bus denies", after: func(p *alerting) {
			p.home.create(busPolicyToken, "deny", props{"policy": policy(props{"Effect": "Deny", "Principal": "*", "Action": "events:PutEvents", "Resource": "arn:aws:events:" + testRegion + ":" + account + ":event-bus/default"})})
		}, dropped: "events:PutEvents"},
		{name: "mail waits for confirmation", changes: parts{"mail": {"confirmationTimeoutInMinutes": 1}}, protocol: "email", dropped: "waits for confirmation"},
		{name: "queue policy", changes: parts{"queuePolicy": {"policy": policy(statementFor(service(eventsService), []any{"sqs:SendMessage"}, queue, nil))}}, protocol: "sqs", dropped: "policy of queue webhook"},
		{name: "pipe is stopped", changes: parts{"pipe": {"desiredState": "STOPPED"}}, dropped: "pipe webhook is stopped"},
		{name: "pipe may not read", after: func(p *alerting) {
			require.NoError(p.home.t, p.home.account().Update(func(a *Account) { a.IAM.Roles["piper"].Inline = nil }))
		}, dropped: "sqs:ReceiveMessage"},
		{name: "API destination is gone", after: func(p *alerting) {
			require.NoError(p.home.t, p.home.account().Update(func(a *Account) { a.Events.APIDestinations = nil }))
		}, dropped: "does not exist"},
		{name: "connection is gone", after: func(p *alerting) {
			require.NoError(p.home.t, p.home.account().Update(func(a *Account) { a.Events.Connections = nil }))
		}, dropped: "inactive"},
		{name: "text in Slack", changes: parts{"target": {"inputTransformer": props{"inputPaths": props{"t": "$.detail.type"}, "inputTemplate": `"Finding <t>"`}}}, protocol: "slack", dropped: "does not show"},
		{name: "wrong version in Slack", changes: parts{"target": {"inputTransformer": props{"inputTemplate": `{"version":"0","source":"custom","content":{"description":"x"}}`}}}, protocol: "slack", dropped: "version"},
		{name: "no description in Slack", changes: parts{"target": {"inputTransformer": props{"inputTemplate": `{"version":"1.0","source":"custom","content":{"title":"x"}}`}}}, protocol: "slack", dropped: "content.description"},
		{name: "another text type in Slack", changes: parts{"target": {"inputTransformer": props{"inputTemplate": `{"version":"1.0","source":"custom","content":{"textType":"plain","description":"x"}}`}}}, protocol: "slack", dropped: "textType"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := newAlerting(t, test.changes)
			if test.after != nil {
				test.after(p)
			}
			event := finding(farRegion, 8)
			if test.dropped == "INVALID_JSON" {
				event = jsonText(with(mustObject(t, event), props{"broken": `say "hi"`}))
			}
			all := p.home.account().PutEvent(farRegion, event)
			var stopped []Delivery
			for _, d := range all {
				if !d.Arrived() {
					stopped = append(stopped, d)
				}
			}
			require.Len(t, stopped, 1, "%+v", all)
			require.Contains(t, stopped[0].Dropped, test.dropped)
			require.Equal(t, test.protocol, stopped[0].Protocol)
			if test.deadLetter {
				require.Equal(t, p.dead, stopped[0].DeadLetter)
				require.Equal(t, []string{event}, p.home.account().SQS.Queues[p.dead].Messages)
			} else {
				require.Empty(t, stopped[0].DeadLetter)
				require.Empty(t, p.home.account().SQS.Queues[p.dead].Messages)
			}
		})
	}
}

func mustObject(t *testing.T, text string) props {
	t.Helper()
	o, ok := decodeObject(text)
	require.True(t, ok)
	return o
}

func TestRuleStates(t *testing.T) {
	call := func(readOnly bool) string {
		return jsonText(with(mustObject(t, finding(testRegion, 9)), props{
			"detail-type": "AWS API Call via CloudTrail", "detail": props{"severity": 9, "type": "x", "readOnly": readOnly, "managementEvent": true},
		}))
	}
	for _, test := range []struct {
		state       string
		write, read int
	}{{"ENABLED", 3, 0}, {"DISABLED", 0, 0}, {ruleEnabledWithRead, 3, 3}} {
		p := newAlerting(t, parts{"rule": {"state": test.state}})
		require.Len(t, p.home.account().PutEvent(testRegion, call(false)), test.write, test.state)
		require.Len(t, p.home.account().PutEvent(testRegion, call(true)), test.read, test.state)
	}
}

func TestNoThirdBus(t *testing.T) {
	p := newAlerting(t, nil)
	p.home.create(ruleToken, "on", props{"name": "on", "eventPattern": findings})
	forwarder := "arn:aws:iam::123456789012:role/forwarder"
	p.home.create(targetToken, "on", props{"rule": "on", "targetId": "on", "arn": "arn:aws:events:eu-west-1:123456789012:event-bus/default", "roleArn": forwarder})
	all := p.home.account().PutEvent(farRegion, finding(farRegion, 4))
	require.Len(t, all, 1)
	require.Contains(t, all[0].Dropped, "third bus")
}

func TestPublishers(t *testing.T) {
	p := newAlerting(t, nil)
	account := map[string][]string{"aws:SourceAccount": {"123456789012"}, "aws:SourceArn": {"arn:aws:budgets::123456789012:budget/b"}}
	plainHTTP := maps.Clone(account)
	plainHTTP["aws:SecureTransport"] = []string{"false"}
	deployer := policyeval.Principal{ARN: p.home.server.options.Caller, Account: "123456789012"}
	for _, test := range []struct {
		who     string
		by      policyeval.Principal
		ctx     map[string][]string
		allowed bool
	}{
		{"budgets", policyeval.Principal{Service: "budgets.amazonaws.com"}, account, true},
		{"budgets of another account", policyeval.Principal{Service: "budgets.amazonaws.com"}, map[string][]string{"aws:SourceAccount": {"999999999999"}}, false},
		{"cost anomalies, not named", policyeval.Principal{Service: "costalerts.amazonaws.com"}, account, false},
		{"administrator", deployer, nil, true},
		{"administrator without TLS", deployer, plainHTTP, false},
		{"administrator of another account", policyeval.Principal{ARN: "arn:aws:iam::999999999999:role/admin", Account: "999999999999"}, nil, false},
		{"anybody", policyeval.Principal{Anonymous: true}, nil, false},
	} {
		t.Run(test.who, func(t *testing.T) {
			all := p.home.account().PublishAs(test.by, test.ctx, p.topic, "AWS Budget Notification")
			if !test.allowed {
				require.Len(t, all, 1)
				require.Contains(t, all[0].Dropped, "not authorized")
				return
			}
			require.Equal(t, "AWS Budget Notification", byProtocol(t, all, "email").Text)
			slack := byProtocol(t, all, "slack")
			require.Equal(t, test.who == "budgets", slack.Arrived(), slack.Dropped)
		})
	}
}

func TestRaiseAlarm(t *testing.T) {
	p := newAlerting(t, nil)
	p.home.create(alarmToken, "root", with(goodAlarm, props{"alarmActions": []any{p.topic}}))
	all, err := p.home.account().RaiseAlarm(testRegion, "root")
	require.NoError(t, err)
	require.Len(t, all, 3)
	require.Equal(t, "alarm", byProtocol(t, all, "email").Trail[0].Kind)
	require.Contains(t, byProtocol(t, all, "email").Text, `"AlarmName":"root"`)
	require.True(t, byProtocol(t, all, "slack").Arrived())

	// The default policy of a topic lets the owner's alarms publish.
	plain := p.home.create(topicToken, "plain", props{"name": "plain"})
	p.home.create(alarmToken, "plain", with(goodAlarm, props{"name": "plain", "alarmActions": []any{plain.id}}))
	all, err = p.home.account().RaiseAlarm(testRegion, "plain")
	require.NoError(t, err)
	require.Equal(t, "topic plain has no subscription", all[0].Dropped)

	p.home.create(alarmToken, "off", with(goodAlarm, props{"name": "off", "actionsEnabled": false, "alarmActions": []any{p.topic}}))
	all, err = p.home.account().RaiseAlarm(testRegion, "off")
	require.NoError(t, err)
	require.Contains(t, all[0].Dropped, "switched off")
	_, err = p.home.account().RaiseAlarm(testRegion, "none")
	refusedWith(t, err, "ResourceNotFound")
}

func TestNativeEventsInSlack(t *testing.T) {
	p := newAlerting(t, parts{"target": {"inputTransformer": nil}})
	all := p.home.account().PutEvent(testRegion, finding(testRegion, 8))
	require.Equal(t, "GuardDuty Finding | ap-northeast-1 | account 123456789012", byProtocol(t, all, "slack").Text)
	for kind, source := range map[string]string{"AWS API Call via CloudTrail": "aws.iam", "Order Placed": "shop"} {
		event := jsonText(with(mustObject(t, finding(testRegion, 8)), props{"detail-type": kind, "source": source}))
		require.Contains(t, byProtocol(t, p.home.account().PutEvent(testRegion, event), "slack").Dropped, "does not show")
	}
}

func TestFilters(t *testing.T) {
	for filter, mails := range map[string]int{
		`{"content":{"title":["Recon:EC2/Portscan"]}}`: 1,
		`{"content":{"title":["other"]}}`:              0,
	} {
		p := newAlerting(t, parts{"toQueue": {"filterPolicy": filter, "filterPolicyScope": "MessageBody"}})
		require.Len(t, p.home.account().PutEvent(testRegion, finding(testRegion, 8)), 2+mails, filter)
		p = newAlerting(t, parts{"pipe": {"sourceParameters": props{"filterCriteria": props{"filters": []any{props{"pattern": `{"body":` + filter + `}`}}}}}})
		require.Len(t, p.home.account().PutEvent(testRegion, finding(testRegion, 8)), 2+mails, filter)
		// Messages of services have no attributes.
		p = newAlerting(t, parts{"toQueue": {"filterPolicy": filter}})
		require.Len(t, p.home.account().PutEvent(testRegion, finding(testRegion, 8)), 2, filter)
	}
}

// withRest adds one of each resource type that the path does not need.
func (p *alerting) withRest() {
	queueURL := p.home.account().SQS.Queues[p.queue].URL
	for _, r := range []refusal{
		{token: aliasToken, in: props{"name": "alias/alerts", "targetKeyId": p.key}},
		{token: keyPolicyToken, in: props{"keyId": p.key, "policy": p.made[0].inputs["policy"]}},
		{token: redriveToken, in: props{"queueUrl": queueURL, "redrivePolicy": jsonText(props{"deadLetterTargetArn": p.dead, "maxReceiveCount": 3})}},
		{token: redriveAllowToken, in: props{"queueUrl": queueURL, "redriveAllowPolicy": `{"redrivePermission":"denyAll"}`}},
		{token: busToken, in: props{"name": "custom"}},
		{token: busPolicyToken, in: props{"policy": policy(statementFor(props{"AWS": "999999999999"}, []any{"events:PutEvents"}, "arn:aws:events:"+testRegion+":123456789012:event-bus/default", nil))}},
		{token: permissionToken, in: props{"eventBusName": "custom", "principal": "999999999999", "statementId": "them"}},
		{token: alarmToken, in: goodAlarm},
		{token: compositeToken, in: props{"alarmName": "any", "alarmRule": "ALARM(root)"}},
		{token: dashboardToken, in: props{"dashboardName": "b", "dashboardBody": `{"widgets":[]}`}},
	} {
		p.made = append(p.made, madeBy{p.home, p.home.create(r.token, "rest", r.in)})
	}
}

// messaging are the resource types that this part of the account serves.
func messaging() []string {
	return sortedKeys(assemble(kmsTypes, snsTypes, sqsTypes, eventsTypes, pipesTypes, chatbotTypes, alarmsTypes))
}

// A caller whose identity policies allow nothing can do nothing with any resource.
func TestCallerNeedsPermission(t *testing.T) {
	p := newAlerting(t, nil)
	p.withRest()
	seen := map[string]bool{}
	for _, m := range p.made {
		seen[m.token] = true
	}
	require.Equal(t, messaging(), sortedKeys(seen), "one of each type")
	require.NoError(t, p.home.account().Update(func(a *Account) { a.IAM.Roles["account-baseline-deployer"].Attached = nil }))
	for _, m := range p.made {
		t.Run(m.token+" "+m.name, func(t *testing.T) {
			_, err := m.by.rpc.Read(t.Context(), &pulumirpc.ReadRequest{Id: m.id, Urn: testURN(m.token, m.name), Properties: m.by.encode(m.state), Inputs: m.by.encode(m.inputs)})
			refusedWith(t, err, "AccessDenied")
			if m.token != keyToken { // an update that changes nothing calls nothing
				refusedWith(t, m.by.update(m.made, m.inputs), "AccessDenied")
			}
			refusedWith(t, m.by.remove(m.made), "AccessDenied")
			if m.token != subscriptionToken || m.name != "mail" {
				_, err = m.by.try(m.token, m.name, m.inputs)
				refusedWith(t, err, "AccessDenied")
			}
		})
	}
}

// What stands after creation, refreshes without drift, and goes away in the opposite
// order, leaving nothing behind.
func TestMessagingLife(t *testing.T) {
	p := newAlerting(t, nil)
	p.withRest()
	for _, m := range p.made {
		if m.token == keyToken {
			continue // its own policy was replaced by the KeyPolicy
		}
		m.by.unchanged(m.made)
	}
	for i := len(p.made) - 1; i >= 0; i-- {
		m := p.made[i]
		require.NoError(t, m.by.remove(m.made), "%s %s", m.token, m.name)
		if m.token == keyPolicyToken || m.token == topicPolicyToken {
			continue // back to the default policy
		}
		require.False(t, m.by.read(m.made), "%s %s", m.token, m.name)
		require.NoError(t, m.by.remove(m.made), "%s %s a second time", m.token, m.name)
	}
	a := p.home.account()
	require.Empty(t, a.SNS.Topics)
	require.Empty(t, a.SNS.Subscriptions)
	require.Empty(t, a.SQS.Queues)
	require.Empty(t, a.Events.Rules)
	require.Empty(t, a.Events.Targets)
	require.Empty(t, a.Alarms.Alarms)
}

// The account file keeps all that the alert path needs.
func TestAlertPathSurvivesTheFile(t *testing.T) {
	p := newAlerting(t, nil)
	p.withRest()
	text, err := json.Marshal(p.home.account())
	require.NoError(t, err)
	restored := &Account{now: time.Now}
	require.NoError(t, json.Unmarshal(text, restored))
	again, err := json.Marshal(restored)
	require.NoError(t, err)
	require.Equal(t, string(text), string(again))
	all := restored.PutEvent(farRegion, finding(farRegion, 8))
	require.Equal(t, p.home.account().PutEvent(farRegion, finding(farRegion, 8)), all)
	require.Len(t, all, 3)
	for _, d := range all {
		require.True(t, d.Arrived(), d.Dropped)
	}
}

// In China events cross Regions too, and queues have addresses of their own.
func TestAlertPathInChina(t *testing.T) {
	north := serve(t, Options{Partition: "aws-cn"})
	west := north.in("cn-northwest-1")
	home := "arn:aws-cn:events:cn-north-1:123456789012:event-bus/default"
	queue := north.create(queueToken, "queue", props{"name": "alerts"})
	require.Equal(t, "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/alerts", queue.id)
	north.create(queuePolicyToken, "policy", props{"queueUrl": queue.id, "policy": policy(
		statementFor(service(eventsService), []any{"sqs:SendMessage"}, queue.str("arn"), nil),
	)})
	north.create(ruleToken, "page", props{"name": "page", "eventPattern": findings})
	north.create(targetToken, "page", props{"rule": "page", "arn": queue.str("arn")})
	forwarder := north.role("forwarder", eventsService, []any{"events:PutEvents"}, home)
	west.create(ruleToken, "forward", props{"name": "forward", "eventPattern": findings})
	west.create(targetToken, "forward", props{"rule": "forward", "arn": home, "roleArn": forwarder})
	event := finding("cn-northwest-1", 8)
	all := north.account().PutEvent("cn-northwest-1", event)
	require.Len(t, all, 1)
	require.True(t, all[0].Arrived(), all[0].Dropped)
	require.Equal(t, []string{event}, north.account().SQS.Queues[queue.str("arn")].Messages)
}

// At preview any input may be unknown; that alone is no mistake.
func TestChecksBearUnknownInputs(t *testing.T) {
	p := newAlerting(t, nil)
	p.withRest()
	for _, m := range p.made {
		for _, key := range sortedKeys(m.inputs) {
			if key == defaultsKey {
				continue
			}
			_, err := m.by.check(m.token, m.name, nil, with(m.inputs, props{key: unknownValue{}}))
			require.NoError(t, err, "%s with an unknown %s", m.token, key)
		}
	}
}
