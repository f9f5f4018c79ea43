package tests

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cloudwatch"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/guardduty"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/securityhub"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/alerthub"
	"github.com/seed-8894d46d/account-baseline/components/digest"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	"github.com/seed-8894d46d/account-baseline/internal/statemachine"
	"github.com/seed-8894d46d/account-baseline/tests/testkit"
)

// digestInAccount deploys a hub with every channel and a digest into a simulated account that has all that a digest can ask.
func digestInAccount(t *testing.T, o testkit.Options, weekly *digestArgs) *simulated {
	t.Helper()
	s := deployInto(t, o, "", func(ctx *pulumi.Context) error {
		args := watchedHub(o.Partition)
		home, err := hubProvider(ctx, o, args, elsewhere(o.Partition))
		if err != nil {
			return err
		}
		if err := sources(ctx, pulumi.Provider(home)); err != nil {
			return err
		}
		hub, err := alerthub.NewAlertHub(ctx, "alerts", args, pulumi.Provider(home))
		if err != nil {
			return err
		}
		weekly.Alerts = hub
		_, err = digest.NewWeeklyDigest(ctx, "weekly", weekly, pulumi.Provider(home))
		return err
	})
	s.confirmEverything(t)
	return s
}

// sources declares what the digest asks: a log group, an aggregator, Security Hub and GuardDuty.
func sources(ctx *pulumi.Context, home pulumi.ResourceOption) error {
	if _, err := cloudwatch.NewLogGroup(ctx, "audit", &cloudwatch.LogGroupArgs{Name: pulumi.String(digestLogs)}, home); err != nil {
		return err
	}
	if _, err := cfg.NewConfigurationAggregator(ctx, "regions", &cfg.ConfigurationAggregatorArgs{
		Name: pulumi.String(everyDigest().ConfigAggregator),
		AccountAggregationSource: cfg.ConfigurationAggregatorAccountAggregationSourceArgs{
			AccountIds: pulumi.StringArray{pulumi.String(accountID)}, AllRegions: pulumi.Bool(true),
		},
	}, home); err != nil {
		return err
	}
	if _, err := securityhub.NewAccount(ctx, "hub", nil, home); err != nil {
		return err
	}
	_, err := guardduty.NewDetector(ctx, "detector", nil, home)
	return err
}

// answeredDigest answers every question with nothing found. What the expressions yield is the business of
// tests/digestreport, which evaluates them.
func answeredDigest(s *simulated) awssim.Services {
	detector := s.account().GuardDuty.Detectors[s.home].ID
	return awssim.Services{Evaluator: cannedDigest{}, Answer: func(resource string, _ map[string]any) (any, *statemachine.TaskError) {
		switch resource[strings.LastIndex(resource, ":")+1:] {
		case "startQuery":
			return map[string]any{"QueryId": "1"}, nil
		case "getQueryResults":
			return map[string]any{"Status": "Complete", "Results": []any{}}, nil
		case "listDetectors":
			return map[string]any{"DetectorIds": []any{detector}}, nil
		}
		return map[string]any{}, nil
	}}
}

// cannedDigest knows paths into variables, and of the other expressions of the digest what they yield of empty answers. What
// is not known is in the message as it is in the real one.
type cannedDigest struct{}

func (cannedDigest) Evaluate(expression string, _ any, bindings map[string]any) (any, error) {
	if value, ok := pathOf(expression, bindings); ok {
		return value, nil
	}
	for beginning, answer := range map[string]any{
		"/* The week before":              map[string]any{"from": 1.0, "until": 2.0, "name": "the week"},
		"/* What is known of":             []any{},
		"[":                               []any{},
		"$states.result.Status in":        "the query ended",
		"$type($states.result.NextToken)": "",
		"$polls + 1":                      1.0,
		`$status = "Complete"`:            true,
		`$token != ""`:                    false,
		`$detector != ""`:                 true,
		"$count($rules)":                  0.0,
		"$string($message.chat)":          `{"version":"1.0","source":"custom","content":{"textType":"client-markdown","title":"Digest","description":"The digest in Slack"}}`,
	} {
		if strings.HasPrefix(expression, beginning) {
			return answer, nil
		}
	}
	states := bindings["states"].(map[string]any)
	switch {
	case strings.HasPrefix(expression, `"AWS answered "`):
		failed := states["errorOutput"].(map[string]any)
		return "AWS answered " + failed["Error"].(string) + ": " + failed["Cause"].(string), nil
	case strings.HasPrefix(expression, `"Not known: "`):
		return bindings["message"].(map[string]any)["problems"], nil
	case strings.HasPrefix(expression, "$type($states.result.DetectorIds"):
		return states["result"].(map[string]any)["DetectorIds"].([]any)[0], nil
	case strings.HasPrefix(expression, "$merge([{"):
		var arguments any
		literal := strings.TrimPrefix(expression[:strings.Index(expression, ", $token")], "$merge([")
		return arguments, json.Unmarshal([]byte(literal), &arguments)
	case expression == "$states.result{id: $}":
		byID := map[string]any{}
		for _, answer := range states["result"].([]any) {
			byID[answer.(map[string]any)["id"].(string)] = answer
		}
		return byID, nil
	case expression == "$merge($states.result)":
		all := map[string]any{}
		for _, answers := range states["result"].([]any) {
			for topic, answer := range answers.(map[string]any) {
				all[topic] = answer
			}
		}
		return all, nil
	case strings.HasPrefix(expression, "/* What people read"):
		return messageOf(bindings["answers"].(map[string]any)), nil
	case expression == "$count($message.unknown) = 0":
		return len(bindings["message"].(map[string]any)["unknown"].([]any)) == 0, nil
	}
	return nil, statemachine.ErrUndefined
}

func messageOf(answers map[string]any) any {
	unknown, problems := []any{}, "Not known:"
	for topic, answer := range answers {
		if problem, ok := answer.(map[string]any)["problem"].(string); ok {
			unknown = append(unknown, topic)
			problems += " " + topic + ": " + problem + ";"
		}
	}
	return map[string]any{"subject": "Digest", "mail": "The digest of the week", "unknown": unknown, "problems": problems}
}

// pathOf follows an expression such as $states.input.id.
func pathOf(expression string, bindings map[string]any) (any, bool) {
	var value any = bindings
	for _, name := range strings.Split(strings.TrimPrefix(expression, "$"), ".") {
		object, ok := value.(map[string]any)
		if !ok {
			return nil, false
		}
		if value, ok = object[name]; !ok {
			return nil, false
		}
	}
	return value, true
}

const digestSchedule = digestPrefix + "-digest/" + digestPrefix + "-digest"

// digestOf is a digest that asks all there is, of findings by a source.
func digestOf(findings digest.FindingsSource) *digestArgs {
	args := everyDigest()
	args.Findings = findings
	return args
}

// TestDigestComesByItself: the schedule starts the machine, its role may do whatever it asks in the account as it is, and the
// digest reaches every reader in the form that they can read.
func TestDigestComesByItself(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		for findings, further := range map[digest.FindingsSource][]string{
			digest.SecurityHub: {"securityhub:GetInsightResults"},
			digest.GuardDuty:   {"guardduty:GetFindingsStatistics", "guardduty:ListDetectors"},
		} {
			s := digestInAccount(t, testkit.Options{Partition: p.Name}, digestOf(findings))
			run, err := s.account().RunSchedule(s.home, digestSchedule, answeredDigest(s))
			require.NoError(t, err)
			require.NotNil(t, run.Execution, run.Deliveries)
			assert.Equal(t, "SUCCEEDED", run.Status, "%s: %s", run.Error, run.Cause)
			made := map[string]bool{}
			for _, call := range run.Calls {
				assert.Empty(t, call.Refused, call.Action)
				made[call.Action] = true
			}
			for _, action := range append(further, "logs:StartQuery", "logs:GetQueryResults", "config:DescribeAggregateComplianceByConfigRules", "sns:Publish") {
				assert.True(t, made[action], action)
			}
			assert.Equal(t, channels(p.Name), arrivedAt(t, run.Deliveries))
			for _, d := range run.Deliveries {
				switch {
				case !d.Arrived():
				case d.Protocol == "slack":
					assert.Contains(t, d.Text, "The digest in Slack")
				default:
					assert.Contains(t, d.Text, "The digest of the week")
				}
			}
		}
	})
}

// TestDigestNeedsItsRights: whichever right is missing, the execution fails, which is an alert; what is known is told as long
// as the right to tell is there.
func TestDigestNeedsItsRights(t *testing.T) {
	for _, row := range []struct {
		sid      string
		findings digest.FindingsSource
		refused  string // the call
		failure  string
		told     bool
	}{
		{"AskTheTrail", digest.SecurityHub, "logs:StartQuery", "Digest.Incomplete", true},
		{"ReadItsAnswers", digest.SecurityHub, "logs:GetQueryResults", "Digest.Incomplete", true},
		{"ReadRules", digest.SecurityHub, "config:DescribeAggregateComplianceByConfigRules", "Digest.Incomplete", true},
		{"CountFindings", digest.SecurityHub, "securityhub:GetInsightResults", "Digest.Incomplete", true},
		{"FindTheDetector", digest.GuardDuty, "guardduty:ListDetectors", "Digest.Incomplete", true},
		{"CountFindings", digest.GuardDuty, "guardduty:GetFindingsStatistics", "Digest.Incomplete", true},
		{"Tell", digest.SecurityHub, "sns:Publish", "SNS.AuthorizationErrorException", false},
		{"EncryptForTheTopics", digest.SecurityHub, "kms:", "SNS.KmsAccessDeniedException", false},
	} {
		t.Run(row.refused, func(t *testing.T) {
			s := digestInAccount(t, testkit.Options{}, digestOf(row.findings))
			withoutStatement(t, s, digestPrefix+"-digest", "digest", row.sid)
			run, err := s.account().RunSchedule(s.home, digestSchedule, answeredDigest(s))
			require.NoError(t, err)
			require.NotNil(t, run.Execution, run.Deliveries)
			assert.Equal(t, row.failure, run.Error)
			assert.Contains(t, run.Cause, row.refused)
			arrived := slices.ContainsFunc(run.Deliveries, awssim.Delivery.Arrived)
			assert.Equal(t, row.told, arrived)
		})
	}
	t.Run("states:StartExecution", func(t *testing.T) {
		s := digestInAccount(t, testkit.Options{}, everyDigest())
		require.NoError(t, s.one(t, "aws:iam/rolePolicy:RolePolicy", "weekly-digest-schedule-role-policy").remove())
		run, err := s.account().RunSchedule(s.home, digestSchedule, answeredDigest(s))
		require.NoError(t, err)
		assert.Nil(t, run.Execution)
		require.Len(t, run.Deliveries, 1)
		assert.Contains(t, run.Deliveries[0].Dropped, "states:StartExecution")
	})
}

// TestDigestOfWhatIsGone: a source that was taken away is told as not known, with AWS's own error.
func TestDigestOfWhatIsGone(t *testing.T) {
	for kind, failure := range map[string]string{
		"aws:cloudwatch/logGroup:LogGroup":                        "CloudWatchLogs.ResourceNotFoundException",
		"aws:cfg/configurationAggregator:ConfigurationAggregator": "Config.NoSuchConfigurationAggregatorException",
		"aws:securityhub/account:Account":                         "SecurityHub.InvalidAccessException",
	} {
		s := digestInAccount(t, testkit.Options{}, everyDigest())
		answers := answeredDigest(s)
		require.NoError(t, s.ofType(kind)[0].remove())
		run, err := s.account().RunSchedule(s.home, digestSchedule, answers)
		require.NoError(t, err)
		require.NotNil(t, run.Execution, run.Deliveries)
		assert.Equal(t, "Digest.Incomplete", run.Error, kind)
		assert.Contains(t, run.Cause, "AWS answered "+failure, kind)
		assert.Equal(t, channels("aws"), arrivedAt(t, run.Deliveries), kind)
	}
}

// withoutStatement takes a statement out of an inline policy of a role.
func withoutStatement(t *testing.T, s *simulated, role, name, sid string) {
	t.Helper()
	require.NoError(t, s.account().Update(func(a *awssim.Account) {
		var document struct {
			Version   string
			Statement []map[string]any
		}
		policies := a.IAM.Roles[role].Inline
		require.NoError(t, json.Unmarshal([]byte(policies[name]), &document))
		kept := slices.DeleteFunc(slices.Clone(document.Statement), func(statement map[string]any) bool { return statement["Sid"] == sid })
		require.Len(t, kept, len(document.Statement)-1, sid)
		document.Statement = kept
		text, err := json.Marshal(document)
		require.NoError(t, err)
		policies[name] = string(text)
	}))
}

// TestDigestIsHeard: AWS takes the component, its role reaches every reader by its own policy, a failure is an alert, and all of
// it can be destroyed in the opposite order.
func TestDigestIsHeard(t *testing.T) {
	testkit.InPartitions(t, func(t *testing.T, p testkit.Partition) {
		s := digestInAccount(t, testkit.Options{Partition: p.Name}, everyDigest())
		t.Run("digest", func(t *testing.T) {
			role := s.one(t, hubRoleType, "weekly-digest-role").str("arn")
			publisher := policyeval.Principal{ARN: role, Account: accountID}
			topic := s.one(t, topicType, "alerts-informational").str("arn")
			want := channels(p.Name)
			delete(want, "slack") // which reads its own schema only
			assert.Equal(t, want, arrivedAt(t, s.account().PublishAs(publisher, nil, topic, "Security digest")))
			if p.Name == "aws" {
				chat := `{"version":"1.0","source":"custom","content":{"textType":"client-markdown","title":"digest","description":"all quiet"}}`
				assert.Equal(t, 1, arrivedAt(t, s.account().PublishAs(publisher, nil, topic+"-chat", chat))["slack"])
			}
			for _, d := range s.account().PublishAs(publisher, nil, s.one(t, topicType, "alerts-critical").str("arn"), "Everybody up") {
				assert.False(t, d.Arrived(), "it may not wake anybody")
			}
		})
		t.Run("failure", func(t *testing.T) {
			machine := s.one(t, stateMachineType, "weekly-digest").ID
			for _, status := range []string{"FAILED", "TIMED_OUT", "ABORTED"} {
				require.NoError(t, delivered(s, p.Name, "weekly-failed", p.Home, sample{alerthub.Warning, func(region string) string {
					return envelope(region, "aws.states", "Step Functions Execution Status Change", map[string]any{
						"executionArn": strings.Replace(machine, "stateMachine", "execution", 1) + ":run", "stateMachineArn": machine, "name": "run",
						"status": status, "startDate": 1772355600000, "stopDate": 1772355660000, "error": "Digest.Incomplete", "cause": `"not" known`,
					})
				}, []string{"incomplete", status, accountID}, nil}))
			}
		})
		made := slices.Clone(s.resources)
		slices.Reverse(made)
		for _, r := range made {
			if r.Type != watchHubType { // of which an account keeps the last
				require.NoError(t, r.remove(), r.Name)
			}
		}
	})
}
