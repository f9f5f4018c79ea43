package tests

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// anythingRoute has every part that a message can have.
func anythingRoute() alerthub.Route {
	route := rootRoute()
	route.Pattern = map[string]any{"detail-type": []string{"AWS API Call via CloudTrail", "AWS Console Sign In via CloudTrail"}}
	route.Message.Title = "{who} did {event}"
	route.Message.Query = "who-did-what"
	route.Message.Details = append(route.Message.Details, alerthub.Detail{
		Name: "asked", Label: "Asked for", Path: "$.detail.requestParameters.policyDocument", Untrusted: true,
	})
	return route
}

// input is what a target gets for an event, an error when EventBridge could not send it.
func input(target *testkit.Resource, event string) (string, error) {
	paths := map[string]string{}
	for name, path := range target.Get("inputTransformer.inputPaths").(map[string]any) {
		paths[name] = path.(string)
	}
	return eventpattern.Transform(event, paths, target.String("inputTransformer.inputTemplate"))
}

// hostile is text as a caller may send it: everything that JSON has to escape, and EventBridge's own placeholders.
var hostile = rapid.OneOf(
	rapid.String(),
	rapid.SampledFrom([]string{`"`, `\`, "a\nb", "\t", "\u0000", `"},"x":{"`, `<who>`, `\"`, "\u2028", "", `</`, `curl/8.0 "quoted"`}),
)

// name is text of the characters that IAM allows in the names of users, roles and sessions.
var name = rapid.StringMatching(`[A-Za-z0-9+=,.@_-]{1,20}`)

// plainPath and anyPath are IAM paths: of letters and digits, and of all that the API's pattern allows.
var (
	plainPath = rapid.StringMatching(`/([a-zA-Z0-9.-]{1,8}/){0,2}`)
	anyPath   = rapid.StringMatching(`/([\x21-\x7e]{1,8}/){0,2}`)
)

// cloudTrailEvent draws the event of a call by somebody whose path comes from the given generator, with hostile texts
// where callers write, and any fields of the detail missing.
func cloudTrailEvent(t *rapid.T, path *rapid.Generator[string]) (event string, identity map[string]any) {
	switch rapid.SampledFrom([]string{"user", "role", "root", "service"}).Draw(t, "identity") {
	case "user":
		identity = iamUser(path.Draw(t, "path") + name.Draw(t, "user"))
	case "role":
		identity = assumedRole(path.Draw(t, "path")+name.Draw(t, "role"), name.Draw(t, "session"))
	case "root":
		identity = map[string]any{"type": "Root", "arn": "arn:aws:iam::" + accountID + ":root", "accountId": accountID}
	default:
		identity = map[string]any{"type": "AWSService", "invokedBy": "s3.amazonaws.com"}
	}
	detail := map[string]any{
		"userIdentity": identity, "eventName": "DeleteTrail", "eventSource": "cloudtrail.amazonaws.com", "awsRegion": "eu-west-1",
		"eventTime": "2026-03-01T09:10:11Z", "eventID": "b2f4dd0a-0000-4000-8000-1d1d2c2c3b3b", "sourceIPAddress": "203.0.113.7",
		"userAgent": hostile.Draw(t, "agent"), "errorMessage": hostile.Draw(t, "error"),
		"requestParameters": map[string]any{"policyDocument": hostile.Draw(t, "policy")},
	}
	for field := range detail {
		if field != "userIdentity" && rapid.Float64Range(0, 1).Draw(t, "missing "+field) < 0.1 {
			delete(detail, field)
		}
	}
	return envelope("eu-west-1", "aws.cloudtrail", "AWS API Call via CloudTrail", detail), identity
}

// readable tells whether each target of a route gets what its channel can show: whole lines of quoted text in a mail,
// the app's JSON in Slack.
func readable(d *testkit.Deployment, route, event string) bool {
	mail, err := input(d.One(eventTargetType, "alerts-"+route+"-mail"), event)
	if err != nil {
		return false
	}
	for _, line := range strings.Split(mail, "\n") {
		var text string
		if json.Unmarshal([]byte(line), &text) != nil {
			return false
		}
	}
	chat, err := input(d.One(eventTargetType, "alerts-"+route+"-chat"), event)
	return err == nil && json.Valid([]byte(chat))
}

func TestMessagesAreReadableWhateverTheCallerWrites(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"anything": anythingRoute()})
	rapid.Check(t, func(t *rapid.T) {
		event, _ := cloudTrailEvent(t, plainPath)
		if !readable(d, "anything", event) {
			t.Fatalf("not readable: %s", event)
		}
	})
}

// Whatever path somebody gave a user or role, an alert about it is read: the route's own, or one of the hub's for
// ARNs that no message can hold.
func TestNobodyHidesBehindAPath(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"anything": anythingRoute()})
	patterns := map[string]*eventpattern.Pattern{}
	for _, route := range []string{"quoted-principal", "quoted-role"} {
		pattern, err := eventpattern.Parse(rulesOfRoute(d, route)[0].String("eventPattern"))
		require.NoError(t, err)
		patterns[route] = pattern
	}
	rapid.Check(t, func(t *rapid.T) {
		event, identity := cloudTrailEvent(t, anyPath)
		var telling []string
		for route, pattern := range patterns {
			matched, err := pattern.Matches(event)
			if err != nil {
				t.Fatal(err)
			}
			if matched {
				telling = append(telling, route)
			}
		}
		if hides := strings.ContainsAny(arnsOf(identity), `"\`); hides != (len(telling) == 1) || len(telling) > 1 {
			t.Fatalf("told by %v, for %s", telling, arnsOf(identity))
		}
		if telling == nil {
			telling = []string{"anything"}
		}
		if !readable(d, telling[0], event) {
			t.Fatalf("nobody reads of %s", event)
		}
	})
}

// arnsOf are the ARNs of an identity and of the issuer of its session.
func arnsOf(identity map[string]any) string {
	arns := fmt.Sprint(identity["arn"])
	if session, ok := identity["sessionContext"].(map[string]any); ok {
		arns += " " + fmt.Sprint(session["sessionIssuer"].(map[string]any)["arn"])
	}
	return arns
}

func TestSlackShowsWhatTheCallerWroteInAReply(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"anything": anythingRoute(), "finding": findingRoute()})
	event := call("eu-west-1", "iam", "PutUserPolicy", assumedRole("/ops/Admin", "alice"), map[string]any{"policyDocument": "{}"})
	var alert, reply struct {
		Content  struct{ Title, Description string }
		Metadata struct{ ThreadID string }
	}
	require.NoError(t, json.Unmarshal([]byte(transformed(t, d.One(eventTargetType, "alerts-anything-chat"), event)), &alert))
	require.NoError(t, json.Unmarshal([]byte(transformed(t, d.One(eventTargetType, "alerts-anything-reply"), event)), &reply))
	assert.NotEmpty(t, alert.Metadata.ThreadID)
	assert.Equal(t, alert.Metadata.ThreadID, reply.Metadata.ThreadID)
	assert.Equal(t, "*User agent:* aws-cli/2.15.0\n*Asked for:* {}", reply.Content.Description)
	assert.NotContains(t, alert.Content.Description, "aws-cli")
	assert.NotContains(t, transformed(t, d.One(eventTargetType, "alerts-anything-mail"), event), "aws-cli")

	assert.NotContains(t, d.Names(eventTargetType), "alerts-finding-reply", "nothing to reply")
	assert.NotContains(t, d.One(eventTargetType, "alerts-finding-chat").String("inputTransformer.inputTemplate"), "threadId")
}

func TestMessageSaysWhoAndWhatToQuery(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"anything": anythingRoute()})
	event := call("eu-west-1", "cloudtrail", "StopLogging", assumedRole("/ops/Admin", "alice"), nil)
	for _, target := range []string{"mail", "chat"} {
		text := transformed(t, d.One(eventTargetType, "alerts-anything-"+target), event)
		for _, part := range []string{
			"arn:aws:sts::123456789012:assumed-role/Admin/alice", "AssumedRole", "arn:aws:iam::123456789012:role/ops/Admin",
			"203.0.113.7", "StopLogging", "cloudtrail.amazonaws.com", "123456789012", "eu-west-1", "2026-03-01T09:10:11Z",
			"https://console.aws.amazon.com/cloudtrailv2/home?region=eu-west-1#/events/b2f4dd0a-0000-4000-8000-1d1d2c2c3b3b",
			"Run the named query who-did-what in Athena.",
		} {
			assert.Contains(t, text, part, target)
		}
	}
}

func TestRouteIgnoresPrincipals(t *testing.T) {
	route := rootRoute()
	route.Pattern = map[string]any{"source": []string{"aws.iam"}, "detail": map[string]any{"eventName": []string{"CreateAccessKey"}}}
	route.IgnorePrincipalArns = []string{
		"arn:aws:iam::123456789012:user/ci/bot", "arn:aws:iam::123456789012:role/ci/deployer", "arn:aws:iam::123456789012:role/ci/other",
	}
	testkit.Everywhere(t, func(t *testing.T, o testkit.Options) {
		d := hubWithRoutes(t, o, elsewhere(o.Partition), map[string]alerthub.Route{"keys": route})
		rules := rulesOfRoute(d, "keys")
		require.NotEmpty(t, rules)
		for _, rule := range rules {
			for _, row := range []struct {
				what    string
				who     map[string]any
				matches bool
			}{
				{"the ignored role", assumedRole("/ci/deployer", "run-1"), false},
				{"the other ignored role", assumedRole("/ci/other", "run-1"), false},
				{"a role of the same name elsewhere", assumedRole("/deployer", "run-1"), true},
				{"another role", assumedRole("/Admin", "mallory"), true},
				{"the ignored user", iamUser("/ci/bot"), false},
				{"a user without session", iamUser("/mallory"), true},
				{"a user of the same name elsewhere", iamUser("/bot"), true},
				{"a user with a session of MFA", func() map[string]any {
					user := iamUser("/mallory")
					user["sessionContext"] = map[string]any{"sessionIssuer": map[string]any{}, "attributes": map[string]any{"mfaAuthenticated": "true"}}
					return user
				}(), true},
				{"the root user", map[string]any{"type": "Root", "arn": "arn:aws:iam::123456789012:root"}, true},
				{"a service without ARN", map[string]any{"type": "AWSService", "invokedBy": "ec2.amazonaws.com"}, true},
			} {
				assert.Equal(t, row.matches, matches(t, rule, call(rule.Region, "iam", "CreateAccessKey", row.who, nil)), row.what)
			}
		}
	})
}

func TestIgnoringNobodyChangesNoPattern(t *testing.T) {
	route := findingRoute()
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"finding": route})
	want, err := json.Marshal(route.Pattern)
	require.NoError(t, err)
	assert.JSONEq(t, string(want), rulesOfRoute(d, "finding")[0].String("eventPattern"))
	assert.Contains(t, rulesOfRoute(d, "finding")[0].String("eventPattern"), ">=")
}

func TestHubSaysWhatItLacks(t *testing.T) {
	for _, row := range []struct {
		partition string
		args      *alerthub.AlertHubArgs
		want      []string
	}{
		{"aws", &alerthub.AlertHubArgs{}, []string{
			"Nobody watches the alert path itself: whoever deletes a topic, a rule or a subscription silences it unnoticed (Watch; setting alerts.watch.emails)",
			"Nobody is told of alerts that could not be delivered: they wait 14 days in the dead-letter queues (DeadLetterAlarms; setting alerts.deadLetterAlarms)",
		}},
		{"aws-us-gov", &alerthub.AlertHubArgs{DeadLetterAlarms: true}, []string{
			"Nobody watches the alert path itself: partition aws-us-gov has no AWS User Notifications e-mail contacts",
		}},
		{"aws-cn", &alerthub.AlertHubArgs{DeadLetterAlarms: true}, []string{
			"Nobody watches the alert path itself: partition aws-cn has no AWS User Notifications e-mail contacts",
			"Nobody is told when the account leaves its organization: AWS Organizations reports in cn-northwest-1, whose events do not reach cn-north-1",
		}},
		{"aws", watchedHub("aws"), []string{}},
	} {
		var hub *alerthub.AlertHub
		deployHub(t, testkit.Options{Partition: row.partition}, row.args, nil, func(_ *pulumi.Context, made *alerthub.AlertHub) error {
			hub = made
			return nil
		})
		gaps, known, _, err := testkit.Await(hub.Gaps)
		require.NoError(t, err)
		assert.True(t, known)
		assert.Equal(t, row.want, gaps)

		stays, known, _, err := testkit.Await(hub.Stays)
		require.NoError(t, err)
		assert.True(t, known)
		if row.args.Watch == nil {
			assert.Empty(t, stays)
			continue
		}
		assert.Equal(t, []string{"the notification hub of ap-northeast-1: AWS keeps the last one of an account; say that it exists when the stack is deployed again (Watch.ExistingNotificationHub; setting alerts.watch.existingNotificationHub)"}, stays)
	}
}
