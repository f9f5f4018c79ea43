package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/alerthub/testalert"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// sample is an event as AWS documents it, for one route of a hub.
type sample struct {
	severity alerthub.Severity
	event    func(region string) string
	contains []string // what people must read, wherever it comes from
	only     []string // Regions it can happen in; nil: every one
}

// hubSamples are the events of the routes that every hub has with fullHub's arguments, by route.
func hubSamples() map[string]sample {
	samples := map[string]sample{
		"quoted-principal": {alerthub.Critical, quotedCall(iamUser(`/"},{"/mallory`)), []string{"hides behind a quotation mark", "AttachUserPolicy"}, nil},
		"quoted-role":      {alerthub.Critical, quotedCall(assumedRole(`/a\b/app`, "session")), []string{"hides behind a quotation mark", "AttachUserPolicy"}, nil},
		"watch-changes":    {alerthub.Critical, disassociateChannel, []string{"DisassociateChannel", "mallory"}, []string{"us-east-1"}},
		"dead-letters":     {alerthub.Critical, deadLetterAlarm, []string{"stuck"}, []string{"eu-west-1", "us-east-1"}},
	}
	for _, severity := range alerthub.Severities {
		samples["test-"+string(severity)] = sample{severity, func(region string) string {
			return envelope(region, testalert.Source, testalert.DetailType, json.RawMessage(testalert.Detail(hubPrefix, string(severity))))
		}, []string{"TEST", accountID}, nil}
	}
	return samples
}

func envelope(region, source, detailType string, detail any) string {
	text, err := json.Marshal(map[string]any{
		"version": "0", "id": "6f87d04b-9f74-4f04-a780-7acf4b0a9b38", "detail-type": detailType, "source": source,
		"account": accountID, "time": "2026-03-01T09:10:11Z", "region": region, "resources": []any{}, "detail": detail,
	})
	if err != nil {
		panic(err)
	}
	return string(text)
}

// call is the event of an API call by somebody, with request parameters.
func call(region, service, name string, identity, parameters map[string]any) string {
	return envelope(region, "aws."+service, "AWS API Call via CloudTrail", map[string]any{
		"eventVersion": "1.11", "eventID": "b2f4dd0a-0000-4000-8000-1d1d2c2c3b3b", "eventTime": "2026-03-01T09:10:11Z",
		"eventSource": service + ".amazonaws.com", "eventName": name, "awsRegion": region, "sourceIPAddress": "203.0.113.7",
		"userAgent": "aws-cli/2.15.0", "userIdentity": identity, "requestParameters": parameters, "readOnly": false, "managementEvent": true,
	})
}

// Identities as CloudTrail writes them:
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
func iamUser(path string) map[string]any {
	return map[string]any{
		"type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": "arn:aws:iam::" + accountID + ":user" + path, "accountId": accountID,
		"accessKeyId": "AKIAEXAMPLE", "userName": path[strings.LastIndex(path, "/")+1:],
	}
}

func assumedRole(path, session string) map[string]any {
	name := path[strings.LastIndex(path, "/")+1:]
	return map[string]any{
		"type": "AssumedRole", "principalId": "AROAEXAMPLE:" + session, "accountId": accountID, "accessKeyId": "ASIAEXAMPLE",
		"arn": "arn:aws:sts::" + accountID + ":assumed-role/" + name + "/" + session,
		"sessionContext": map[string]any{
			"sessionIssuer": map[string]any{
				"type": "Role", "principalId": "AROAEXAMPLE", "arn": "arn:aws:iam::" + accountID + ":role" + path, "accountId": accountID, "userName": name,
			},
			"attributes": map[string]any{"creationDate": "2026-03-01T09:00:00Z", "mfaAuthenticated": "false"},
		},
	}
}

func quotedCall(identity map[string]any) func(region string) string {
	return func(region string) string { return call(region, "iam", "AttachUserPolicy", identity, nil) }
}

func disassociateChannel(region string) string {
	return call(region, "notifications", "DisassociateChannel", iamUser("/mallory"), nil)
}

func deadLetterAlarm(region string) string {
	return envelope(region, "aws.cloudwatch", "CloudWatch Alarm State Change", map[string]any{
		"alarmName": hubPrefix + "-dead-letters",
		"state":     map[string]any{"value": "ALARM", "reason": `Threshold Crossed: 1 datapoint [1.0 (01/03/26 09:05:00)] was greater than the threshold (0.0).`},
	})
}

// hubInAccount deploys a hub with every channel and all that it can watch, and further routes, into a simulated account.
func hubInAccount(t *testing.T, o testkit.Options, forward []string, routes map[string]alerthub.Route) *simulated {
	t.Helper()
	s := deployInto(t, o, "", func(ctx *pulumi.Context) error {
		args := watchedHub(o.Partition)
		home, err := hubProvider(ctx, o, args, forward)
		if err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", args, pulumi.Provider(home))
		if err != nil {
			return err
		}
		for _, name := range slices.Sorted(maps.Keys(routes)) {
			if err := hub.AddRoute(ctx, name, routes[name]); err != nil {
				return err
			}
		}
		return nil
	})
	s.confirmEverything(t)
	return s
}

// watchedHub is fullHub with alarms, and with the watch where there is one.
func watchedHub(partition string) *alerthub.AlertHubArgs {
	args := fullHub(partition)
	args.DeadLetterAlarms = true
	if partition == "aws" {
		args.Watch = &alerthub.WatchArgs{
			Emails:              pulumi.ToStringArray([]string{"watch@example.com"}),
			IgnorePrincipalArns: []string{"arn:aws:iam::123456789012:role/ci/deployer", "arn:aws:iam::123456789012:user/ci/bot"},
		}
	}
	return args
}

// channels are the kinds of endpoints of fullHub, with how many of each hear one alert.
func channels(partition string) map[string]int {
	all := map[string]int{"email": 2}
	if partition == "aws" {
		all["slack"] = 1
	}
	if partition != "aws-us-gov" {
		all["api-destination"] = 1
	}
	return all
}

// routesOf are the names of the routes in the home Region of a deployed hub: what its rules are named after the prefix.
func routesOf(s *simulated) []string {
	var names []string
	for _, rule := range s.ofType(eventRuleType) {
		if rule.Region == s.home {
			names = append(names, strings.TrimPrefix(rule.str("name"), hubPrefix+"-"))
		}
	}
	slices.Sort(names)
	return names
}

// proveDelivery raises the sample of every route of a deployed hub in each of the Regions, and wants it read on every
// channel. A route without a sample fails.
func proveDelivery(t *testing.T, s *simulated, partition string, in []string, samples map[string]sample) {
	t.Helper()
	for _, route := range routesOf(s) {
		given, known := samples[route]
		if !assert.True(t, known, "route %s has no sample", route) {
			continue
		}
		for _, region := range in {
			if given.only != nil && !slices.Contains(given.only, region) {
				continue
			}
			t.Run(route+" from "+region, func(t *testing.T) {
				require.NoError(t, delivered(s, partition, route, region, given))
			})
		}
	}
}

// delivered says which link of a route's path fails, nil when the sample is read on every channel.
func delivered(s *simulated, partition, route, region string, given sample) error {
	deliveries := ofRoute(s.account().PutEvent(region, given.event(region)), s.home, route)
	if len(deliveries) == 0 {
		return fmt.Errorf("no rule %s hears the event of %s", route, region)
	}
	arrived := map[string]int{}
	for _, d := range deliveries {
		if strings.Contains(d.Dropped, "target reply: INVALID_JSON") {
			continue // the caller wrote a quotation mark; the alert itself does not depend on it
		}
		if !d.Arrived() {
			return fmt.Errorf("%s: %s", trailOf(d), d.Dropped)
		}
		if strings.Contains(d.Text, "What the caller wrote") {
			continue
		}
		for _, part := range given.contains {
			if !strings.Contains(d.Text, part) {
				return fmt.Errorf("%s: the message lacks %q: %s", trailOf(d), part, d.Text)
			}
		}
		if topic := hubPrefix + "-" + string(given.severity); !hasHop(d, "topic", topic) && !hasHop(d, "topic", topic+"-chat") {
			return fmt.Errorf("%s: not by a topic of severity %s", trailOf(d), given.severity)
		}
		arrived[d.Protocol]++
	}
	if want := channels(partition); !maps.Equal(want, arrived) {
		return fmt.Errorf("route %s from %s: read on %v, not on %v", route, region, arrived, want)
	}
	return nil
}

// ofRoute are the deliveries that went through the route's rule at home, or were dropped before it in its own rule
// elsewhere. Other routes may match the same event.
func ofRoute(deliveries []awssim.Delivery, home, route string) []awssim.Delivery {
	return slices.DeleteFunc(deliveries, func(d awssim.Delivery) bool {
		if d.Protocol == "slack" && !hasHop(d, "topic", "-chat") {
			return true // the app drops plain words; it is told by the chat topic
		}
		atHome := hasHop(d, "rule", ":"+home+":"+accountID+":rule/"+hubPrefix+"-"+route)
		elsewhere := !d.Arrived() && !hasHop(d, "rule", ":"+home+":")
		return !atHome && !elsewhere
	})
}

// hasHop tells whether a delivery passed a thing whose ARN ends with the text, or holds it between colons.
func hasHop(d awssim.Delivery, kind, text string) bool {
	return slices.ContainsFunc(d.Trail, func(h awssim.Hop) bool {
		return h.Kind == kind && (strings.HasSuffix(h.ARN, text) || strings.HasSuffix(text, ":") && strings.Contains(h.ARN, text))
	})
}

func trailOf(d awssim.Delivery) string {
	var hops []string
	for _, hop := range d.Trail {
		hops = append(hops, hop.Kind+" "+hop.ARN)
	}
	return strings.Join(hops, " → ")
}

func TestEveryRouteOfTheHubIsDelivered(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		o := testkit.Options{Partition: p.Name}
		s := hubInAccount(t, o, elsewhere(p.Name), map[string]alerthub.Route{"root-use": rootRoute(), "finding": findingRoute()})
		samples := hubSamples()
		samples["root-use"] = sample{alerthub.Critical, rootSignIn, []string{"Root user", "203.0.113.7"}, nil}
		samples["finding"] = sample{alerthub.Warning, func(string) string { return finding }, []string{"UnauthorizedAccess"}, nil}
		proveDelivery(t, s, p.Name, append([]string{p.Home}, forwarded(p.Name)...), samples)
	})
}

// brokenLink is one thing on the path that somebody takes away, and what the walk must then name.
type brokenLink struct {
	what  string
	typ   string
	name  string
	from  string // Region of the event
	names string
}

// sharedLinks are on the path of every route of a severity.
func sharedLinks(severity alerthub.Severity) []brokenLink {
	home, other, topic := "ap-northeast-1", "eu-west-1", string(severity)
	return []brokenLink{
		{"forwarding permission", "aws:iam/rolePolicy:RolePolicy", "alerts-forwarding-role-policy", other, "events:PutEvents"},
		{"topic's policy", topicPolicyType, "alerts-" + topic + "-policy", home, "policy of topic " + hubPrefix + "-" + topic},
		{"chat topic's policy", topicPolicyType, "alerts-" + topic + "-chat-policy", home, "policy of topic " + hubPrefix + "-" + topic + "-chat"},
		{"a mail's subscription", subscriptionType, "alerts-" + topic + "-security@example.com", home, "read on map[api-destination:1 email:1 slack:1]"},
		{"webhook's subscription", subscriptionType, "alerts-" + topic + "-webhook", home, "read on map[email:2 slack:1]"},
		{"webhook's queue policy", queuePolicyType, "alerts-webhook-queue-policy", home, "policy of queue " + hubPrefix + "-webhook"},
		{"webhook's pipe", "aws:pipes/pipe:Pipe", "alerts-webhook-pipe", home, "not on map[api-destination:1 email:2 slack:1]"},
		{"webhook's permissions", "aws:iam/rolePolicy:RolePolicy", "alerts-webhook-role-policy", home, "pipe " + hubPrefix + "-webhook"},
		{"Slack channel", slackType, "alerts-slack-C07EZ1ABC23", home, hubPrefix + "-" + topic + "-chat has no subscription"},
	}
}

// Every link is broken in an account of its own: the thing is deleted as anybody with the permission would.
func TestABrokenLinkIsNamed(t *testing.T) {
	root := sample{alerthub.Critical, rootSignIn, []string{"Root user"}, nil}
	home, other := "ap-northeast-1", "eu-west-1"
	for _, link := range append([]brokenLink{
		{"forwarding rule's target", eventTargetType, "alerts-root-use-in-eu-west-1-home", other, "no rule root-use hears the event of eu-west-1"},
		{"home rule's target for mail", eventTargetType, "alerts-root-use-mail", home, "not on map[api-destination:1 email:2 slack:1]"},
		{"home rule's target for chat", eventTargetType, "alerts-root-use-chat", home, "not on map[api-destination:1 email:2 slack:1]"},
	}, sharedLinks(alerthub.Critical)...) {
		t.Run(link.what, func(t *testing.T) {
			s := hubInAccount(t, testkit.Options{Partition: "aws"}, elsewhere("aws"), map[string]alerthub.Route{"root-use": rootRoute()})
			require.NoError(t, delivered(s, "aws", "root-use", link.from, root))
			require.NoError(t, s.one(t, link.typ, link.name).remove())
			require.ErrorContains(t, delivered(s, "aws", "root-use", link.from, root), link.names)
		})
	}
}

func TestEveryRouteNeedsEachOfItsTargets(t *testing.T) {
	s := hubInAccount(t, testkit.Options{Partition: "aws"}, elsewhere("aws"), nil)
	proveTargetsAreNeeded(t, s, hubSamples())
}

// proveTargetsAreNeeded takes one target after the other away from the account and puts it back: whichever it is, its
// route is not delivered without it.
func proveTargetsAreNeeded(t *testing.T, s *simulated, samples map[string]sample) {
	t.Helper()
	whole := maps.Clone(s.account().Events.Targets)
	for _, target := range s.ofType(eventTargetType) {
		if strings.HasSuffix(target.Name, "-reply") {
			continue // the alert does not depend on it
		}
		t.Run(target.Name, func(t *testing.T) {
			routes := []string{strings.TrimPrefix(target.str("rule"), hubPrefix+"-")}
			if routes[0] == "test" { // one forwarding rule carries the tests of all severities
				routes = []string{"test-critical", "test-warning", "test-informational"}
			}
			region := target.Region
			if only := samples[routes[0]].only; only != nil && !slices.Contains(only, region) {
				region = only[0] // a target at home of a route whose events are of other Regions
			}
			for _, route := range routes {
				require.NoError(t, delivered(s, "aws", route, region, samples[route]))
			}
			require.NoError(t, target.remove())
			for _, route := range routes {
				assert.Error(t, delivered(s, "aws", route, region, samples[route]), route)
			}
			require.NoError(t, s.account().Update(func(a *awssim.Account) { a.Events.Targets = maps.Clone(whole) }))
		})
	}
}

// Every statement that lets alerts through is taken out of its policy, one at a time, while those that bound others
// stay; and so are rules and the key.
func TestAMissingStatementIsNamed(t *testing.T) {
	root := sample{alerthub.Critical, rootSignIn, []string{"Root user"}, nil}
	for _, row := range []struct{ what, from, names string }{
		{"EventBridgeRules of topic", "ap-northeast-1", "policy of topic " + hubPrefix + "-critical"},
		{"EventBridgeRules of key", "ap-northeast-1", "kms:GenerateDataKey"},
		{"SeverityTopics of queue", "ap-northeast-1", "policy of queue " + hubPrefix + "-webhook"},
		{"trust of forwarding", "eu-west-1", "sts:AssumeRole"},
		{"trust of webhook", "ap-northeast-1", "sts:AssumeRole"},
		{"home rule", "eu-west-1", "no rule root-use hears the event of eu-west-1"},
		{"forwarding rule", "eu-west-1", "no rule root-use hears the event of eu-west-1"},
		{"key", "ap-northeast-1", "key of arn:aws:sns:ap-northeast-1:123456789012:" + hubPrefix},
	} {
		t.Run(row.what, func(t *testing.T) {
			s := hubInAccount(t, testkit.Options{Partition: "aws"}, elsewhere("aws"), map[string]alerthub.Route{"root-use": rootRoute()})
			require.NoError(t, s.account().Update(func(a *awssim.Account) {
				switch row.what {
				case "EventBridgeRules of topic":
					topic := a.SNS.Topics["arn:aws:sns:ap-northeast-1:123456789012:"+hubPrefix+"-critical"]
					topic.Policy = without(t, topic.Policy, "EventBridgeRules")
				case "EventBridgeRules of key":
					for _, key := range a.KMS.Keys {
						key.Policy = without(t, key.Policy, "EventBridgeRules")
					}
				case "SeverityTopics of queue":
					queue := a.SQS.Queues["arn:aws:sqs:ap-northeast-1:123456789012:"+hubPrefix+"-webhook"]
					queue.Policy = without(t, queue.Policy, "SeverityTopics")
				case "home rule":
					delete(a.Events.Rules, "arn:aws:events:ap-northeast-1:123456789012:rule/"+hubPrefix+"-root-use")
				case "forwarding rule":
					delete(a.Events.Rules, "arn:aws:events:eu-west-1:123456789012:rule/"+hubPrefix+"-root-use")
				case "key":
					for _, key := range a.KMS.Keys {
						key.Disabled = true
					}
				case "trust of forwarding":
					role := a.IAM.Roles[hubPrefix+"-forwarding"]
					role.TrustPolicy = strings.Replace(role.TrustPolicy, "events.amazonaws.com", "ec2.amazonaws.com", 1)
				case "trust of webhook":
					role := a.IAM.Roles[hubPrefix+"-webhook"]
					role.TrustPolicy = strings.Replace(role.TrustPolicy, "pipes.amazonaws.com", "ec2.amazonaws.com", 1)
				}
			}))
			require.ErrorContains(t, delivered(s, "aws", "root-use", row.from, root), row.names)
		})
	}
}

// without is a policy without the statement of a Sid.
func without(t *testing.T, policy, sid string) string {
	t.Helper()
	var document map[string]any
	require.NoError(t, json.Unmarshal([]byte(policy), &document))
	statements := document["Statement"].([]any)
	kept := slices.DeleteFunc(slices.Clone(statements), func(s any) bool { return s.(map[string]any)["Sid"] == sid })
	require.Len(t, kept, len(statements)-1, "statement %s", sid)
	document["Statement"] = kept
	text, err := json.Marshal(document)
	require.NoError(t, err)
	return string(text)
}
