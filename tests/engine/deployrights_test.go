package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/engine"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/components/declared"
	"github.com/seed-8894d46d/account-baseline/components/deployrights"
	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	previews "github.com/seed-8894d46d/account-baseline/internal/plan"
	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
	stacks "github.com/seed-8894d46d/account-baseline/tests/engine"
)

const (
	deployerAccount = "123456789012"
	namePrefix      = "account-baseline-dev-"
)

// declaredBy are the resources that an operation registered or found, as `pulumi preview --json` shows them.
func declaredBy(r stacks.Result) (before, after []declared.Resource) {
	regions := map[string]string{}
	collect := func(into *[]declared.Resource, state *engine.StepEventStateMetadata) {
		if state == nil || state.State == nil {
			return
		}
		inputs := state.Inputs.MapRepl(nil, func(v resource.PropertyValue) (any, bool) {
			return previews.Unknown, v.IsComputed() || v.IsOutput() && !v.OutputValue().Known
		})
		switch {
		case strings.HasPrefix(string(state.Type), "pulumi:providers:"):
			region, _ := inputs["region"].(string)
			regions[string(state.URN)] = region
		case state.State.Custom:
			at := strings.LastIndex(state.Provider, "::")
			*into = append(*into, declared.Resource{
				Type: string(state.Type), Name: state.URN.Name(), Region: regions[state.Provider[:at]], Inputs: inputs,
			})
		}
	}
	for _, event := range r.Events {
		if payload, ok := eventPayload(event); ok {
			collect(&before, payload.Metadata.Old)
			collect(&after, payload.Metadata.New)
		}
	}
	return before, after
}

func eventPayload(event engine.Event) (engine.ResourcePreEventPayload, bool) {
	if event.Internal() {
		return engine.ResourcePreEventPayload{}, false
	}
	payload, ok := event.Payload().(engine.ResourcePreEventPayload)
	return payload, ok
}

// rightsFor are the documents that `go run ./cmd/deploy-policy` prints for a preview.
func rightsFor(t *testing.T, preview stacks.Result, change func(*deployrights.Options)) []deployrights.Document {
	t.Helper()
	before, after := declaredBy(preview)
	o := deployrights.Options{AccountID: deployerAccount, Prefix: namePrefix, Roles: []string{continuousIntegration}}
	if change != nil {
		change(&o)
	}
	documents, err := deployrights.Policies(append(before, after...), o)
	require.NoError(t, err)
	return documents
}

// authorize gives the deployer these policies and no others.
func authorize(t *testing.T, stack *stacks.Stack, documents []deployrights.Document) {
	t.Helper()
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) {
		role := a.IAM.Roles["account-baseline-deployer"]
		require.NotNil(t, role)
		role.Attached, role.Inline = nil, map[string]string{}
		for _, document := range documents {
			role.Inline[document.Name] = document.JSON
		}
	}))
}

// asked is what the deployer asked the account for, each once.
type asked struct {
	mutex    sync.Mutex
	requests map[string]policyeval.Request
}

func watch(stack *stacks.Stack, into *asked) {
	stack.Account().Watch(func(r policyeval.Request, _ policyeval.Decision) {
		if r.Principal.ARN != continuousIntegration {
			return
		}
		into.mutex.Lock()
		defer into.mutex.Unlock()
		into.requests[fmt.Sprint(r.Action, r.Resource, r.Context)] = r
	})
}

// life deploys, looks, changes and removes, as the deployer may.
func life(t *testing.T, stack *stacks.Stack) {
	t.Helper()
	requireDone(t, stack.Preview())
	requireDone(t, stack.Up())
	requireDone(t, stack.Refresh())
	for _, tags := range []Settings{{"team": "security"}, {"team": nil}} {
		stack.Change(Settings{"tags": tags, "archive": Settings{"retentionDays": 3000}})
		requireDone(t, stack.Up())
	}
	requireDone(t, stack.Destroy(false))
}

// idle are the actions that the policies have and that this life of a stack does not ask for, with what would.
var idle = map[string]string{
	"access-analyzer:UpdateAnalyzer":        "a changed configuration of an analyzer",
	"cloudtrail:PutInsightSelectors":        "trail.insights, switched on where it was off",
	"cloudtrail:StopLogging":                "a trail that is declared without logging",
	"ec2:DisableImageBlockPublicAccess":     "AMIs that may be public again",
	"ec2:EnableSerialConsoleAccess":         "hardening.serialConsole, switched on where it was off",
	"glue:UpdateTable":                      "Regions added to the projection of the table",
	"guardduty:UpdatePublishingDestination": "another bucket or key for findings",
	"iam:UpdateAssumeRolePolicy":            "a changed trust policy of a role",
	"iam:UpdateGroup":                       "another path of a group",
	"kms:DisableKey":                        "a key that is declared as disabled",
	"kms:DisableKeyRotation":                "a key that is declared without rotation",
	"kms:EnableKey":                         "a key that somebody has disabled",
	"kms:UpdateAlias":                       "an alias that moves to another key",
	"kms:UpdateKeyDescription":              "another description of a key",
	"logs:DeleteRetentionPolicy":            "a log group kept for ever",
	"logs:AssociateKmsKey":                  "archive.encryption, changed for a log group that exists",
	"logs:DisassociateKmsKey":               "archive.encryption, switched off",
	"s3:BypassGovernanceRetention":          "emptying a bucket of objects under governance retention",
	"s3:DeleteObject":                       "emptying a bucket whose objects have no versions",
	"scheduler:UpdateSchedule":              "another time of a report",
	"securityhub:UpdateFindingAggregator":   "other Regions to aggregate",
	"sns:SetSubscriptionAttributes":         "a changed filter of a subscription",
}

func TestDeployingNeedsExactlyTheGeneratedPolicies(t *testing.T) {
	t.Parallel()
	for _, profile := range []string{"starter", "standard", "strict"} {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			stack := stacks.New(t, stacks.Options{Settings: team(Settings{"profile": profile, "disposable": true})})
			preview := stack.Preview()
			requireDone(t, preview)
			documents := rightsFor(t, preview, nil)
			require.LessOrEqual(t, len(documents), deployrights.DefaultPolicies)
			for _, document := range documents {
				require.LessOrEqual(t, len(document.JSON), deployrights.MaxCharacters, document.Name)
				require.NoError(t, policyeval.Validate(policyeval.ManagedPolicy, document.JSON, ""), document.Name)
			}
			authorize(t, stack, documents)
			seen := &asked{requests: map[string]policyeval.Request{}}
			watch(stack, seen)
			life(t, stack)

			require.Empty(t, refused(t, documents, seen.all()))
			for _, action := range actionsOf(t, documents) {
				requests := seen.about(action)
				if len(requests) == 0 {
					require.Contains(t, idle, action, "nothing needs this action")
					continue
				}
				require.NotEmpty(t, refused(t, without(t, documents, action), requests), "%s is allowed in two ways", action)
			}
			limit := boundary(t, preview)
			require.Empty(t, refused(t, []deployrights.Document{limit}, seen.all()), "the boundary refuses what the policies allow")
		})
	}
}

func boundary(t *testing.T, preview stacks.Result) deployrights.Document {
	t.Helper()
	_, after := declaredBy(preview)
	limit, err := deployrights.Boundary(after, deployrights.Options{AccountID: deployerAccount, Roles: []string{continuousIntegration}})
	require.NoError(t, err)
	require.NoError(t, policyeval.Validate(policyeval.ManagedPolicy, limit.JSON, ""))
	return limit
}

// One action less, and AWS refuses the very call.
func TestAMissingActionIsRefusedByName(t *testing.T) {
	t.Parallel()
	actions := []string{
		"ec2:DescribeRegions", "sns:CreateTopic", "s3:PutBucketPolicy", "iam:PassRole", "events:TagResource", "kms:EnableKeyRotation",
	}
	settings := team(Settings{"profile": "starter", "disposable": true, "archive": Settings{"encryption": "kms"}})
	preview := stacks.New(t, stacks.Options{Settings: settings}).Preview()
	requireDone(t, preview)
	documents := rightsFor(t, preview, nil)
	if long {
		actions = slices.DeleteFunc(actionsOf(t, documents), func(action string) bool { _, ok := idle[action]; return ok })
	}
	for _, action := range actions {
		t.Run(action, func(t *testing.T) {
			t.Parallel()
			stack := stacks.New(t, stacks.Options{Settings: settings})
			authorize(t, stack, without(t, documents, action))
			refusal := func() stacks.Result {
				if up := stack.Up(); up.Err != nil {
					return up
				}
				if refresh := stack.Refresh(); refresh.Err != nil {
					return refresh
				}
				for _, tags := range []Settings{{"team": "security"}, {"team": nil}} {
					stack.Change(Settings{"tags": tags, "archive": Settings{"retentionDays": 3000}})
					if up := stack.Up(); up.Err != nil {
						return up
					}
				}
				return stack.Destroy(false)
			}()
			require.Error(t, refusal.Err)
			words := "is not authorized to perform: " + action + " on resource"
			if action == "kms:PutKeyPolicy" { // CreateKey looks whether the caller could change the policy later
				words = "The new key policy will not allow you to update the key policy in the future"
			}
			require.Contains(t, describe(refusal), words)
		})
	}
}

// A preview of a pull request reads, and could not do more.
func TestThePreviewingRoleCannotDeploy(t *testing.T) {
	t.Parallel()
	stack := deployed(t, stacks.Options{Settings: team(Settings{"disposable": true})})
	preview := stack.Preview()
	documents := rightsFor(t, preview, func(o *deployrights.Options) { o.ReadOnly = true })
	for _, action := range actionsOf(t, documents) {
		_, verb, _ := strings.Cut(action, ":")
		require.Regexp(t, `^(Get|List|Describe|View|BatchGet|Validate)`, verb)
	}
	authorize(t, stack, documents)
	requireUnchanged(t, stack.Preview())
	requireUnchanged(t, stack.Refresh())
	stack.Change(Settings{"tags": Settings{"team": "security"}})
	requireDone(t, stack.Preview())
	before := stack.AccountContent()
	up := stack.Up()
	require.Error(t, up.Err)
	require.Contains(t, describe(up), "is not authorized to perform")
	require.Empty(t, stacks.DifferentAccounts(t, before, stack.AccountContent()))
}

// What the stack has and the settings no longer ask for is in the preview as well, so that it can be deleted.
func TestProfilesChangeWithThePoliciesOfThePreview(t *testing.T) {
	t.Parallel()
	stack := deployed(t, stacks.Options{Settings: team(Settings{"profile": "strict", "disposable": true})})
	for _, profile := range []string{"starter", "standard"} {
		stack.Change(Settings{"profile": profile})
		preview := stack.Preview()
		requireDone(t, preview)
		authorize(t, stack, rightsFor(t, preview, nil))
		requireDone(t, stack.Up())
		requireUnchanged(t, stack.Up())
	}
}

// statement is one of a generated policy.
type statement struct {
	Sid, Effect string
	Action      words
	Resource    words
	Condition   json.RawMessage `json:",omitempty"`
}

// words are a text or a list of them.
type words []string

func (w *words) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*w = words{one}
		return nil
	}
	return json.Unmarshal(data, (*[]string)(w))
}

type document struct {
	Version   string
	Statement []statement
}

func read(t *testing.T, d deployrights.Document) (parsed document) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(d.JSON), &parsed))
	return parsed
}

func actionsOf(t *testing.T, documents []deployrights.Document) []string {
	t.Helper()
	all := map[string]bool{}
	for _, d := range documents {
		for _, s := range read(t, d).Statement {
			for _, action := range s.Action {
				all[action] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// without are the documents with one action less.
func without(t *testing.T, documents []deployrights.Document, action string) []deployrights.Document {
	t.Helper()
	var less []deployrights.Document
	for _, d := range documents {
		parsed := read(t, d)
		for i := range parsed.Statement {
			parsed.Statement[i].Action = slices.DeleteFunc(parsed.Statement[i].Action, func(a string) bool { return a == action })
		}
		parsed.Statement = slices.DeleteFunc(parsed.Statement, func(s statement) bool { return len(s.Action) == 0 })
		if len(parsed.Statement) == 0 {
			continue
		}
		text, err := json.Marshal(parsed)
		require.NoError(t, err)
		less = append(less, deployrights.Document{Name: d.Name, JSON: string(text)})
	}
	return less
}

// refused are the requests that the documents, as the only identity policies, do not allow.
func refused(t *testing.T, documents []deployrights.Document, requests []policyeval.Request) (refused []policyeval.Request) {
	t.Helper()
	var identity []*policyeval.Document
	for _, d := range documents {
		parsed, err := policyeval.Parse(d.JSON)
		require.NoError(t, err)
		identity = append(identity, parsed)
	}
	for _, request := range requests {
		decision, err := policyeval.Authorization{Identity: identity, ResourceOwner: deployerAccount}.Decide(request)
		require.NoError(t, err)
		if !decision.Allowed {
			refused = append(refused, request)
		}
	}
	return refused
}

func (a *asked) all() []policyeval.Request { return slices.Collect(maps.Values(a.requests)) }

func (a *asked) about(action string) (requests []policyeval.Request) {
	for _, request := range a.requests {
		if request.Action == action {
			requests = append(requests, request)
		}
	}
	return requests
}
