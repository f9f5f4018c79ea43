package tests

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/internal/eventpattern"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

func rootRoute() alerthub.Route {
	return alerthub.Route{
		Description: "The root user did something",
		Severity:    alerthub.Critical,
		Pattern: map[string]any{
			"detail-type": []string{"AWS Console Sign In via CloudTrail", "AWS API Call via CloudTrail"},
			"detail":      map[string]any{"userIdentity": map[string]any{"type": []string{"Root"}}},
		},
		Message: alerthub.Message{
			Title:    "Root user in account {account}: {event}",
			What:     "The root user of account {account} used AWS in {region}.",
			Details:  alerthub.CloudTrailDetails(),
			Link:     alerthub.CloudTrailLink,
			NextStep: "Ask the holder of the root user. If nobody knows of it, change its password and delete its access keys now.",
		},
	}
}

func findingRoute() alerthub.Route {
	return alerthub.Route{
		Description: "GuardDuty found a threat",
		Severity:    alerthub.Warning,
		Pattern: map[string]any{
			"source": []string{"aws.guardduty"}, "detail-type": []string{"GuardDuty Finding"},
			"detail": map[string]any{"severity": []any{map[string]any{"numeric": []any{">=", 7}}}},
		},
		Message: alerthub.Message{
			Title: "GuardDuty: {type}",
			What:  "{description}",
			Details: []alerthub.Detail{
				{Name: "type", Label: "Finding", Path: "$.detail.type"},
				{Name: "description", Path: "$.detail.description"},
				{Name: "severity", Label: "Severity", Path: "$.detail.severity"},
				{Name: "missing", Label: "Instance", Path: "$.detail.resource.instanceDetails.instanceId"},
				{Name: "region", Label: "Region", Path: "$.region"},
				{Name: "id", Path: "$.detail.id"},
			},
			Link:     "https://{console}/guardduty/home?region={region}#/findings?search=id%3D{id}",
			NextStep: "Open the finding and follow its remediation.",
		},
	}
}

func rootSignIn(region string) string {
	return fmt.Sprintf(`{
	"version": "0", "id": "6f87d04b-9f74-4f04-a780-7acf4b0a9b38", "detail-type": "AWS Console Sign In via CloudTrail",
	"source": "aws.signin", "account": "123456789012", "time": "2026-03-01T09:10:11Z", "region": %[1]q, "resources": [],
	"detail": {
		"eventVersion": "1.08", "eventID": "b2f4dd0a-0000-4000-8000-1d1d2c2c3b3b", "eventName": "ConsoleLogin",
		"eventSource": "signin.amazonaws.com", "eventTime": "2026-03-01T09:10:11Z", "eventType": "AwsConsoleSignIn",
		"awsRegion": %[1]q, "sourceIPAddress": "203.0.113.7", "userAgent": "Mozilla \"5.0\"",
		"recipientAccountId": "123456789012",
		"userIdentity": {"type": "Root", "principalId": "123456789012", "arn": "arn:aws:iam::123456789012:root", "accountId": "123456789012"},
		"additionalEventData": {"MFAUsed": "No"}, "responseElements": {"ConsoleLogin": "Success"}
	}}`, region)
}

const finding = `{
	"version": "0", "id": "cd2d702e-ab31-411b-9344-793ce56b1bc7", "detail-type": "GuardDuty Finding", "source": "aws.guardduty",
	"account": "123456789012", "time": "2026-03-01T09:10:11Z", "region": "eu-west-1", "resources": [],
	"detail": {"schemaVersion": "2.0", "id": "16afba5c5c43e07c9e3e5e2e544e95df", "type": "UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B",
		"severity": 8, "title": "Console logins", "description": "A console login by bob from 198.51.100.9."}}`

// transformed is what a target of the rule receives for an event.
func transformed(t *testing.T, target *testkit.Resource, event string) string {
	t.Helper()
	paths := map[string]string{}
	for name, path := range target.Get("inputTransformer.inputPaths").(map[string]any) {
		paths[name] = path.(string)
	}
	template := target.String("inputTransformer.inputTemplate")
	require.NoError(t, eventpattern.ValidateTransformer(paths, template))
	text, err := eventpattern.Transform(event, paths, template)
	require.NoError(t, err)
	return text
}

func matches(t *testing.T, rule *testkit.Resource, event string) bool {
	t.Helper()
	pattern, err := eventpattern.Parse(rule.String("eventPattern"))
	require.NoError(t, err)
	matched, err := pattern.Matches(event)
	require.NoError(t, err)
	return matched
}

func hubWithRoutes(t *testing.T, o testkit.Options, forward []string, routes map[string]alerthub.Route) *testkit.Deployment {
	t.Helper()
	partition := o.Partition
	if partition == "" {
		partition = "aws"
	}
	return deployHub(t, o, fullHub(partition), forward, func(ctx *pulumi.Context, hub *alerthub.AlertHub) error {
		for _, name := range slices.Sorted(maps.Keys(routes)) {
			if err := hub.AddRoute(ctx, name, routes[name]); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestRouteForwardsFromEveryOtherRegion(t *testing.T) {
	testkit.BothModes(t, func(t *testing.T, m testkit.Mode) {
		forward := []string{"eu-west-1", "us-east-1"}
		d := hubWithRoutes(t, testkit.Options{DryRun: m.DryRun}, forward, map[string]alerthub.Route{"root-use": rootRoute()})
		var regions []string
		for _, rule := range rulesOfRoute(d, "root-use") {
			regions = append(regions, rule.Region)
			assert.Equal(t, "ENABLED", rule.String("state"))
			assert.True(t, matches(t, rule, rootSignIn(rule.Region)))
			assert.False(t, matches(t, rule, finding))
		}
		assert.ElementsMatch(t, []string{"ap-northeast-1", "eu-west-1", "us-east-1"}, regions)
		for _, region := range forward {
			target := d.One(eventTargetType, "alerts-root-use-in-"+region+"-home")
			assert.Equal(t, region, target.Region)
			assert.Equal(t, "arn:aws:events:ap-northeast-1:123456789012:event-bus/default", target.String("arn"))
			assert.Nil(t, target.Get("inputTransformer"), "the event travels as it is")
			if !m.DryRun {
				assert.Equal(t, "arn:aws:iam::123456789012:role/"+hubPrefix+"-forwarding", target.String("roleArn"))
			}
		}
		targets := slices.DeleteFunc(d.Names(eventTargetType), func(name string) bool { return !strings.HasPrefix(name, "alerts-root-use-") })
		assert.Equal(t, []string{
			"alerts-root-use-chat", "alerts-root-use-in-eu-west-1-home", "alerts-root-use-in-us-east-1-home", "alerts-root-use-mail", "alerts-root-use-reply",
		}, targets)
	})
}

func TestEveryTargetHasADeadLetterQueueInItsRegion(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, []string{"eu-west-1", "us-east-1"}, map[string]alerthub.Route{
		"root-use": rootRoute(), "finding": findingRoute(),
	})
	queues := map[string]any{}
	for _, queue := range d.ByType(queueType) {
		assert.Equal(t, true, queue.Get("sqsManagedSseEnabled"))
		if strings.Contains(queue.Name, "dead-letters") {
			assert.NotContains(t, queues, queue.Region, "one in each Region")
			queues[queue.Region] = queue.Outputs["arn"]
		}
	}
	assert.Len(t, queues, 3)
	for _, target := range d.ByType(eventTargetType) {
		assert.Equal(t, queues[target.Region], target.Get("deadLetterConfig.arn"), target.Name)
		assert.EqualValues(t, 86400, target.Get("retryPolicy.maximumEventAgeInSeconds"))
	}
}

func TestRouteScopes(t *testing.T) {
	home, global := rootRoute(), rootRoute()
	home.Scope, global.Scope = alerthub.HomeOnly, alerthub.GlobalOnly
	global.AllManagementEvents = true
	d := hubWithRoutes(t, testkit.Options{}, []string{"eu-west-1", "us-east-1"}, map[string]alerthub.Route{"home": home, "global": global})
	assert.Len(t, rulesOfRoute(d, "global"), 2)
	assert.Len(t, rulesOfRoute(d, "home"), 1)
	for name, region := range map[string]string{"alerts-home": "ap-northeast-1", "alerts-global": "us-east-1", "alerts-global-in-us-east-1": "us-east-1"} {
		rule := d.One(eventRuleType, name)
		for _, from := range []string{"ap-northeast-1", "eu-west-1", "us-east-1"} {
			assert.Equal(t, from == region, matches(t, rule, rootSignIn(from)), "%s, event of %s", name, from)
		}
		assert.Equal(t, strings.Contains(name, "global"), rule.String("state") == "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
	}
}

// In China Organizations has its endpoint in Ningxia, and IAM in Beijing; no event travels between them.
func TestOrganizationsAreHeardWhereTheyReport(t *testing.T) {
	for _, row := range []struct {
		partition, home     string
		forward             []string
		organization, users []string // Regions with a rule, the last being the one that reports
	}{
		{"aws", "ap-northeast-1", []string{"eu-west-1", "us-east-1"}, []string{"ap-northeast-1", "us-east-1"}, []string{"ap-northeast-1", "us-east-1"}},
		{"aws", "ap-northeast-1", nil, nil, nil},
		{"aws-us-gov", "us-gov-east-1", []string{"us-gov-west-1"}, []string{"us-gov-east-1", "us-gov-west-1"}, []string{"us-gov-east-1", "us-gov-west-1"}},
		{"aws-cn", "cn-north-1", []string{"cn-northwest-1"}, nil, []string{"cn-north-1"}},
		{"aws-cn", "cn-northwest-1", []string{"cn-north-1"}, []string{"cn-northwest-1"}, nil},
	} {
		t.Run(fmt.Sprint(row.partition, row.home, row.forward), func(t *testing.T) {
			organization, users := rootRoute(), rootRoute()
			organization.Scope, users.Scope = alerthub.OrganizationsOnly, alerthub.GlobalOnly
			d := hubWithRoutes(t, testkit.Options{Partition: row.partition, Region: row.home}, row.forward,
				map[string]alerthub.Route{"organization": organization, "users": users})
			for route, want := range map[string][]string{"organization": row.organization, "users": row.users} {
				rules := rulesOfRoute(d, route)
				var regions []string
				for _, rule := range rules {
					regions = append(regions, rule.Region)
				}
				require.ElementsMatch(t, want, regions, route)
				for _, rule := range rules {
					assert.True(t, matches(t, rule, rootSignIn(want[len(want)-1])))
					assert.False(t, matches(t, rule, rootSignIn("eu-west-1")))
				}
			}
		})
	}
}

func TestHubSaysWhichRegionsAreBlind(t *testing.T) {
	for _, row := range []struct {
		partition string
		forward   []string
		blind     []string
	}{
		{"aws", []string{"eu-west-1", "us-east-1"}, []string{}},
		{"aws", nil, []string{"us-east-1"}},
		{"aws-cn", []string{"cn-northwest-1"}, []string{"cn-northwest-1"}},
		{"aws-cn", []string{}, []string{"cn-northwest-1"}},
		{"aws-cn", nil, []string{"cn-northwest-1"}},
		{"aws-us-gov", []string{"us-gov-east-1"}, []string{}},
		{"aws-us-gov", nil, []string{}},
	} {
		t.Run(fmt.Sprint(row.partition, row.forward), func(t *testing.T) {
			var hub *alerthub.AlertHub
			d := deployHub(t, testkit.Options{Partition: row.partition}, fullHub(row.partition), row.forward,
				func(ctx *pulumi.Context, made *alerthub.AlertHub) error {
					hub = made
					return hub.AddRoute(ctx, "root-use", rootRoute())
				})
			blind, _, _, err := testkit.Await(hub.BlindRegions)
			require.NoError(t, err)
			assert.Equal(t, row.blind, blind)
			for _, rule := range d.ByType(eventRuleType) {
				assert.NotContains(t, row.blind, rule.Region)
			}
		})
	}
}

func TestRouteMailIsPlainWords(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"root-use": rootRoute(), "finding": findingRoute()})
	mail := transformed(t, d.One(eventTargetType, "alerts-root-use-mail"), rootSignIn("us-east-1"))
	assert.Equal(t, strings.Join([]string{
		`"[CRITICAL] Root user in account 123456789012: ConsoleLogin"`,
		`"The root user of account 123456789012 used AWS in us-east-1."`,
		`"Who: arn:aws:iam::123456789012:root"`,
		`"Kind of identity: Root"`,
		`"Role of the session: "`,
		`"From: 203.0.113.7"`,
		`"Did: ConsoleLogin"`,
		`"In service: signin.amazonaws.com"`,
		`"Account: 123456789012"`,
		`"Region: us-east-1"`,
		`"Time: 2026-03-01T09:10:11Z"`,
		`"See: https://console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/b2f4dd0a-0000-4000-8000-1d1d2c2c3b3b"`,
		`"Next: Ask the holder of the root user. If nobody knows of it, change its password and delete its access keys now."`,
	}, "\n"), mail)

	mail = transformed(t, d.One(eventTargetType, "alerts-finding-mail"), finding)
	assert.Contains(t, mail, `"[WARNING] GuardDuty: UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B"`)
	assert.Contains(t, mail, `"Instance: "`, "a value that the event lacks is nothing")
}

// What SNS puts into the queue is an envelope whose Message is a text, whatever it was: the mail of a route, an alarm's
// JSON, a budget's letter.
func TestHubWebhookReceivesEveryMessageAsText(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"root-use": rootRoute()})
	template := strings.ReplaceAll(d.Only("aws:pipes/pipe:Pipe").String("targetParameters.inputTemplate"), "<$.body.Message>", "<message>")
	for _, message := range []string{
		transformed(t, d.One(eventTargetType, "alerts-root-use-mail"), rootSignIn("us-east-1")),
		`{"AlarmName":"cis-4.1","NewStateValue":"ALARM"}`,
		"AWS Budget Notification\n\nDear customer, \"monthly\" is over 80%.",
	} {
		record, err := json.Marshal(map[string]any{"body": map[string]any{"Type": "Notification", "Message": message}})
		require.NoError(t, err)
		sent, err := eventpattern.Transform(string(record), map[string]string{"message": "$.body.Message"}, template)
		require.NoError(t, err)
		var body map[string]string
		require.NoError(t, json.Unmarshal([]byte(sent), &body), sent)
		assert.Equal(t, map[string]string{"text": message}, body)
	}
}

func TestRouteSlackIsTheAppsOwnSchema(t *testing.T) {
	d := hubWithRoutes(t, testkit.Options{}, nil, map[string]alerthub.Route{"root-use": rootRoute(), "finding": findingRoute()})
	for name, event := range map[string]string{"root-use": rootSignIn("us-east-1"), "finding": finding} {
		target := d.One(eventTargetType, "alerts-"+name+"-chat")
		assert.Contains(t, target.String("arn"), "-chat")
		var notification struct {
			Version, Source string
			Content         struct {
				TextType, Title, Description string
				NextSteps, Keywords          []string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(transformed(t, target, event)), &notification))
		assert.Equal(t, "1.0", notification.Version)
		assert.Equal(t, "custom", notification.Source)
		assert.Equal(t, "client-markdown", notification.Content.TextType)
		assert.Contains(t, notification.Content.Description, "*Region:* ")
		assert.Len(t, notification.Content.NextSteps, 1)
		assert.NotContains(t, notification.Content.Title+notification.Content.Description, "<")
	}
	title := d.One(eventTargetType, "alerts-root-use-chat").String("inputTransformer.inputTemplate")
	assert.Contains(t, title, ":rotating_light: Root user")
}

func TestRouteLinksToThePartitionsConsole(t *testing.T) {
	for partition, domain := range map[string]string{
		"aws": "console.aws.amazon.com", "aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com",
	} {
		d := hubWithRoutes(t, testkit.Options{Partition: partition}, nil, map[string]alerthub.Route{"root-use": rootRoute()})
		assert.Contains(t, d.One(eventTargetType, "alerts-root-use-mail").String("inputTransformer.inputTemplate"), "https://"+domain+"/cloudtrailv2/")
	}
}

// errorOf deploys a hub with the given prefix and returns what adding the route answers.
func errorOf(t *testing.T, prefix, name string, route alerthub.Route) error {
	t.Helper()
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", &alerthub.AlertHubArgs{NamePrefix: prefix})
		if err != nil {
			return err
		}
		return hub.AddRoute(ctx, name, route)
	})
	return err
}

func TestRouteRefusesWhatEventBridgeWouldRefuse(t *testing.T) {
	long := strings.Repeat("x", 300)
	for _, row := range []struct {
		name, want string
		change     func(r *alerthub.Route)
	}{
		{"Root", `the name may hold lower-case letters, digits and hyphens only, and begins and ends with a letter or digit`, nil},
		{"", `Description: 1 to 512 characters are needed, not 0`, func(r *alerthub.Route) { r.Description = "" }},
		{"", `Severity["urgent"]: no such severity; there are critical, warning and informational`, func(r *alerthub.Route) { r.Severity = "urgent" }},
		{"", `Scope: 7 is not a scope; there are EveryRegion, HomeOnly, GlobalOnly and OrganizationsOnly`, func(r *alerthub.Route) { r.Scope = 7 }},
		{"", `Pattern: neither source nor detail-type is given, so it would match the events of every service`, func(r *alerthub.Route) { r.Pattern = nil }},
		{"", `Pattern: events have no field "eventName"; what a service reports is below detail`, func(r *alerthub.Route) { r.Pattern["eventName"] = []string{"X"} }},
		{"", `Pattern.detail.eventName: DeleteTrail is neither an object nor a list; put single values into a list`, func(r *alerthub.Route) { r.Pattern["detail"] = map[string]any{"eventName": "DeleteTrail"} }},
		{"", `Pattern.detail.eventName: the list is empty, so nothing would ever match`, func(r *alerthub.Route) { r.Pattern["detail"] = map[string]any{"eventName": []string{}} }},
		{"", `Pattern.detail: the object is empty`, func(r *alerthub.Route) { r.Pattern["detail"] = map[string]any{} }},
		{"", `Pattern: it is 3101 characters long as JSON, at most 2048 are possible; split the route, or name fewer IgnorePrincipalArns (setting alerts.ignoreChangesBy)`, func(r *alerthub.Route) {
			r.Pattern = map[string]any{"source": []string{long, long, long, long, long, long, long, long, long, long, strings.Repeat("y", 56)}}
		}},
		{"", `Pattern.detail.key: it has 3 wildcard matchers, at most 2 are possible, because EventBridge refuses rules that are too complex; split the route`, func(r *alerthub.Route) {
			r.Pattern["detail"] = map[string]any{"$or": []any{
				map[string]any{"key": []any{map[string]any{"wildcard": "*a"}, map[string]any{"wildcard": "b*"}}},
				map[string]any{"key": []any{map[string]any{"anything-but": map[string]any{"wildcard": []string{"*c"}}}}},
			}}
		}},
		{"", `Pattern: it has 7 wildcards, at most 6 are possible, because EventBridge refuses rules that are too complex; split the route`, func(r *alerthub.Route) {
			wild := func(text string) []any { return []any{map[string]any{"wildcard": text}} }
			r.Pattern["detail"] = map[string]any{"a": wild("*a*"), "b": wild(`*b\*\\*`), "wildcard": map[string]any{"c": wild("*c*c*")}}
		}},
		{"", `Message.Title: the text is missing`, func(r *alerthub.Route) { r.Message.Title = "" }},
		{"", `Message.What: no detail is named {whom}`, func(r *alerthub.Route) { r.Message.What = "{whom} did it" }},
		{"", `Message.What: "{who did it" holds a brace without its counterpart`, func(r *alerthub.Route) { r.Message.What = "{who did it" }},
		{"", `Message.NextStep: "Say \"no\"" may hold no angle brackets, quotation marks, backslashes, tabs or line breaks, which EventBridge cannot escape`, func(r *alerthub.Route) { r.Message.NextStep = `Say "no"` }},
		{"", `Message.Details[0].Name: "a b" may hold letters, digits, hyphens and underscores only`, func(r *alerthub.Route) { r.Message.Details[0].Name = "a b" }},
		{"", `Message.Details[1].Name: "who" is taken already`, func(r *alerthub.Route) { r.Message.Details[1].Name = "who" }},
		{"", `Message.Details[0].Name: "awsRegion" begins with aws, which EventBridge reserves`, func(r *alerthub.Route) { r.Message.Details[0].Name = "awsRegion" }},
		{"", `Message.Details[0].Path: "detail.eventName" is not a path in dot notation, such as $.detail.eventName`, func(r *alerthub.Route) { r.Message.Details[0].Path = "detail.eventName" }},
		{"", `Message.Details[0].Path: the caller of the API writes $.detail.userAgent, and a quotation mark in it would break the message; mark the detail Untrusted, or leave it to the link`, func(r *alerthub.Route) { r.Message.Details[0].Path = "$.detail.userAgent" }},
		{"", `Message.Details[0].Path: the caller of the API writes $.detail.requestParameters.policyDocument, and a quotation mark in it would break the message; mark the detail Untrusted, or leave it to the link`, func(r *alerthub.Route) {
			r.Message.Details[0].Path = "$.detail.requestParameters.policyDocument"
		}},
		{"", `Message.Details[0].Path: $.detail.userIdentity is not a single value; name one below it`, func(r *alerthub.Route) { r.Message.Details[0].Path = "$.detail.userIdentity" }},
		{"", `Message.Details[1].Name: "thread" is taken already`, func(r *alerthub.Route) { r.Message.Details[1].Name = "thread" }},
		{"", `Message.Details[10].Label: an Untrusted detail needs a label, because no text can refer to it`, func(r *alerthub.Route) { r.Message.Details[10].Label = "" }},
		{"", `Message.Title: {agent} is an Untrusted detail, which no text can refer to`, func(r *alerthub.Route) { r.Message.Title = "With {agent}" }},
		{"", `Message.Query: no detail is named {who}`, func(r *alerthub.Route) { r.Message.Query = "of {who}" }},
		{"", `IgnorePrincipalArns[0]: "arn:aws:iam::123456789012:root" is not the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer`, func(r *alerthub.Route) {
			r.IgnorePrincipalArns = []string{"arn:aws:iam::123456789012:root"}
		}},
		{"", `IgnorePrincipalArns: Pattern.detail.userIdentity.arn decides already who is meant; leave one of them out`, func(r *alerthub.Route) {
			r.Pattern["detail"].(map[string]any)["userIdentity"].(map[string]any)["arn"] = []string{"x"}
			r.IgnorePrincipalArns = []string{"arn:aws:iam::123456789012:user/bot"}
		}},
		{"", `Message.Details: a message without any value of the event cannot be acted on; show at least one detail`, func(r *alerthub.Route) {
			r.Message = alerthub.Message{Title: "t", What: "w", NextStep: "n"}
		}},
	} {
		t.Run(row.want, func(t *testing.T) {
			route := rootRoute()
			if row.change != nil {
				row.change(&route)
			}
			name := row.name
			if name == "" {
				name = "root-use"
			}
			err := errorOf(t, "guard", name, route)
			require.Error(t, err)
			assert.Contains(t, strings.Split(err.Error(), "\n"), errorLine(err, row.want), "%v", err)
		})
	}
}

// errorLine is the line of an error that ends with the text; the first line of a joined error has what surrounds it.
func errorLine(err error, text string) string {
	for _, line := range strings.Split(err.Error(), "\n") {
		if strings.HasSuffix(line, text) {
			return line
		}
	}
	return text
}

func TestRouteNamesAreUnique(t *testing.T) {
	_, err := testkit.RunErr(t, testkit.Options{}, func(ctx *pulumi.Context) error {
		hub, err := alerthub.NewAlertHub(ctx, "alerts", nil)
		if err != nil {
			return err
		}
		if err := hub.AddRoute(ctx, "root-use", rootRoute()); err != nil {
			return err
		}
		return hub.AddRoute(ctx, "root-use", rootRoute())
	})
	require.ErrorContains(t, err, `route "root-use": the hub has a route of this name already`)
}

func TestRouteOfAnotherComponentStaysWithTheHubsProviders(t *testing.T) {
	d := deployHub(t, testkit.Options{}, &alerthub.AlertHubArgs{}, []string{"us-east-1"}, func(ctx *pulumi.Context, hub *alerthub.AlertHub) error {
		strange, err := aws.NewProvider(ctx, "strange", &aws.ProviderArgs{Region: pulumi.String("eu-north-1")})
		if err != nil {
			return err
		}
		trail := &pulumi.ResourceState{}
		if err := ctx.RegisterComponentResourceV2("test:index:Trail", "trail", nil, trail, pulumi.Provider(strange)); err != nil {
			return err
		}
		return hub.AddRoute(ctx, "trail-tampering", rootRoute(), pulumi.Parent(trail))
	})
	trail := d.Only("test:index:Trail")
	require.Len(t, d.Below(trail.URN), 4)
	for _, r := range d.Below(trail.URN) {
		assert.Equal(t, trail.URN, r.Parent)
		assert.Contains(t, []string{"ap-northeast-1", "us-east-1"}, r.Region, r.URN)
	}
}
