package engine_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// TestEveryCallFailsAndTheStackConverges lets every call of a deployment, of a change and of a destroy fail, as many at a time as
// do not depend on each other. In the end account and state are those of a stack that nothing has happened to. One of the stacks
// has everything that settings can ask for, and changes nearly all of it; in the long run all have.
func TestEveryCallFailsAndTheStackConverges(t *testing.T) {
	t.Parallel()
	types := &sweptTypes{created: map[string]bool{}, updated: map[string]bool{}}
	if !long { // in the long run each profile has a process of its own
		t.Cleanup(func() {
			if !t.Failed() {
				types.require(t)
			}
		})
	}
	for i, profile := range profiles {
		t.Run(profile, func(t *testing.T) {
			t.Parallel()
			change := Settings{"profile": profiles[(i+1)%len(profiles)], "tags": Settings{"Swept": "yes"}}
			settings := team(Settings{"profile": profile, "regions": swept()})
			if profile == "standard" || long {
				settings = everything(profile).With(Settings{"regions": swept()})
				change = everythingElse.With(change)
			}
			if profile == "standard" && !long {
				change["regions"] = []string{"us-east-1", "eu-west-1"}
			}
			calm := engine.New(t, engine.Options{Settings: settings})
			m := &mishaps{}
			rough := engine.New(t, engine.Options{Settings: settings, Faults: m.fault, ContinueOnError: true})
			inhabited(t, calm)
			inhabited(t, rough)

			// both does the same to both stacks, and requires that every call of the calm one has failed in the rough one.
			both := func(name string, mayLose bool, script map[string][]mishap, operation func(*engine.Stack) engine.Result) {
				t.Helper()
				done := operation(calm)
				requireDone(t, done)
				types.saw(done)
				m.begin(script)
				untilDone(t, rough, mayLose, func() engine.Result { return operation(rough) })
				calls := callsOf(done)
				require.NotEmpty(t, calls, name)
				require.Equal(t, calls, m.met(), "the calls of %s", name)
				require.Empty(t, engine.DifferentStacks(t, calm, rough), name)
				m.begin(nil)
			}
			both("up", false, map[string][]mishap{"create": {fails}}, (*engine.Stack).Up)
			requireUnchanged(t, rough.Up())

			before := rough.Fork(t)
			m.begin(map[string][]mishap{"read": {fails}})
			require.Error(t, rough.Refresh().Err)
			m.begin(nil)
			require.Empty(t, engine.DifferentStacks(t, before, rough), "a refresh that fails changes nothing")
			requireUnchanged(t, rough.Refresh())
			requireUnchanged(t, calm.Refresh())

			deliver(t, calm)
			deliver(t, rough)
			calls := map[string][]mishap{"create": {fails}, "update": {fails, lost}, "delete": {fails, lost}}
			both("the change", false, calls, func(s *engine.Stack) engine.Result { s.Change(change); return s.Up() })
			requireUnchanged(t, rough.Up())
			requireUnchanged(t, rough.Refresh())
			requireUnchanged(t, calm.Refresh())

			both("becoming disposable", false, map[string][]mishap{"create": {fails}, "update": {fails}, "delete": {fails}}, func(s *engine.Stack) engine.Result {
				s.Change(Settings{"disposable": true, "archive": Settings{"objectLock": nil}})
				return s.Up()
			})
			both("the destroy", true, calls, func(s *engine.Stack) engine.Result { return s.Destroy(false) })
			require.Empty(t, rough.State().Resources)
		})
	}
}

// TestAReplacementFails, which the sweep leaves out: with --continue-on-error the engine waits for ever when the deletion fails that
// goes before one (docs/recovery.md).
func TestAReplacementFails(t *testing.T) {
	t.Parallel()
	age := func(days int) Settings {
		return threats(Settings{"accessAnalyzer": Settings{"unusedAccess": Settings{"enabled": true, "unusedAccessAge": days}}})
	}
	settings := team(Settings{"profile": "starter", "regions": []string{home}}).With(age(90))
	calm := deployed(t, engine.Options{Settings: settings})
	m := &mishaps{}
	rough := deployed(t, engine.Options{Settings: settings, Faults: m.fault})
	calm.Change(age(100))
	rough.Change(age(100))
	replaced := calm.Up()
	requireDone(t, replaced)
	require.Len(t, callsOf(replaced), 2, "an analyzer is deleted and made anew")
	m.begin(map[string][]mishap{"create": {fails}, "delete": {fails, lost}})
	untilDone(t, rough, false, rough.Up)
	require.Equal(t, callsOf(replaced), m.met())
	require.Empty(t, engine.DifferentStacks(t, calm, rough))
	requireUnchanged(t, rough.Up())
}

// everythingElse changes what everything asks for, as much of it in place as any setting can.
var everythingElse = Settings{
	"deployers": []string{continuousIntegration, "arn:aws:iam::123456789012:role/ci/second"},
	"alerts": Settings{
		"emails":          []string{"other@example.com"},
		"ignoreChangesBy": []string{"arn:aws:iam::123456789012:role/ci/second"},
		"webhook":         Settings{"url": engine.Secret("https://other.example.com/alerts")},
		"watch":           Settings{"emails": []string{"watch@example.com", "other@example.com"}},
		"digest":          Settings{"day": "TUE"},
	},
	"archive": Settings{
		"retentionDays": 3000, "noncurrentDays": 100, "objectLock": Settings{"days": 400}, "prefix": "logs",
		"readers": []string{"arn:aws:iam::123456789012:role/reader"},
	},
	"trail": Settings{
		"logs": Settings{"retentionDays": 731}, "insights": Settings{"apiCallRate": false}, "metricFilters": Settings{"singleSignOn": true},
		"athena": Settings{"bytesScannedCutoffPerQuery": 200_000_000_000},
	},
	"config": Settings{
		"recording": Settings{"frequency": "DAILY"}, "snapshots": Settings{"frequency": "One_Hour"}, "historyRetentionDays": 400,
		"aggregator":       Settings{"accountIds": []string{"210987654321"}},
		"conformancePacks": []Settings{{"name": "backups", "template": packTemplate, "parameters": Settings{"Days": 35}}},
		"remediation":      Settings{"automatic": []string{}, "manual": []string{"ConfigureS3BucketPublicAccessBlock"}},
		"rules":            Settings{"requiredTags": Settings{"Owner": ""}},
		"alerts":           Settings{"resourceTypes": []string{"AWS::IAM::User"}},
	},
	"threats": Settings{
		"guardDuty": Settings{"findingPublishingFrequency": "ONE_HOUR", "severity": Settings{"critical": 8, "warning": 5}},
		"accessAnalyzer": Settings{
			"archiveRules": []Settings{{"name": "partner", "equals": Settings{"principal.AWS": []string{"310987654321"}}}},
		},
		"securityHub": Settings{"disabledControls": []Settings{{"id": "IAM.6", "reason": "Another reason"}}},
		"inspector":   Settings{"resourceTypes": []string{"EC2"}},
		"macie":       Settings{"findingPublishingFrequency": "ONE_HOUR"},
		"health":      Settings{"publicIssues": true},
	},
	"billing": Settings{
		"monthlyBudget": Settings{"limit": 300}, "report": Settings{"hour": 10, "severity": "warning"},
		"anomalyDetection": Settings{"thresholdAmount": 77}, "estimatedCharges": Settings{"thresholds": []int{77}},
		"action": Settings{"percent": 90, "roles": []string{roleOfWorld}},
	},
	"hardening": Settings{
		"weaken": true, "passwordPolicy": Settings{"minimumLength": 20}, "instanceMetadata": Settings{"hopLimit": 3},
		"ebs":    Settings{"snapshotBlockPublicAccess": "block-new-sharing", "encryptionByDefault": false},
		"images": Settings{"blockPublicAccess": false}, "serialConsole": Settings{"enabled": true},
		"supportRole": Settings{"principals": []string{"arn:aws:iam::123456789012:role/ci/second"}},
		"auditRole":   Settings{"principals": []string{"arn:aws:iam::123456789012:role/ci/second"}},
		"contacts":    Settings{"security": Settings{"name": "Other"}},
	},
}

// neverUpdated are the types that the change makes, takes away or leaves as they are. Settings update three of them: words of an
// alert (EventTarget) and EBS encryption by default, as random settings do, and the name of a group, of which docs/recovery.md tells.
var neverUpdated = []string{
	"aws:athena/namedQuery:NamedQuery", "aws:cfg/recorderStatus:RecorderStatus",
	"aws:cloudwatch/eventConnection:EventConnection", "aws:cloudwatch/eventTarget:EventTarget",
	"aws:ebs/encryptionByDefault:EncryptionByDefault", "aws:guardduty/publishingDestination:PublishingDestination",
	"aws:iam/accountAlias:AccountAlias", "aws:iam/group:Group", "aws:iam/groupPolicy:GroupPolicy",
	"aws:iam/groupPolicyAttachment:GroupPolicyAttachment", "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
	"aws:kms/alias:Alias", "aws:notifications/channelAssociation:ChannelAssociation",
	"aws:notifications/notificationHub:NotificationHub", "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
	"aws:s3/bucketLoggingV2:BucketLoggingV2", "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
	"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "aws:s3/bucketVersioningV2:BucketVersioningV2",
	"aws:securityhub/account:Account", "aws:securityhub/standardsSubscription:StandardsSubscription",
	"aws:sns/topicPolicy:TopicPolicy", "aws:sns/topicSubscription:TopicSubscription", "aws:sqs/queuePolicy:QueuePolicy",
}

// sweptTypes are the types of what was created and updated in a sweep.
type sweptTypes struct {
	mutex            sync.Mutex
	created, updated map[string]bool
}

func (s *sweptTypes) saw(r engine.Result) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for _, step := range r.Changes() {
		switch {
		case !strings.HasPrefix(step.Type, "aws:"):
		case step.Op == deploy.OpCreate:
			s.created[step.Type] = true
		case step.Op == deploy.OpUpdate:
			s.updated[step.Type] = true
		}
	}
}

// require fails when a type was not updated that is not known to be never, or the other way round.
func (s *sweptTypes) require(t *testing.T) {
	t.Helper()
	var never []string
	for created := range s.created {
		if !s.updated[created] {
			never = append(never, created)
		}
	}
	slices.Sort(never)
	require.Equal(t, neverUpdated, never, "types that were created and not updated")
}

const manyBadDays = 100

// TestCallsFailAtRandom is a bad day: one call in fifty fails, and a failure ends the deployment.
func TestCallsFailAtRandom(t *testing.T) {
	t.Parallel()
	seed, days := seedOfRun(t), 2
	if long {
		days = manyBadDays
	}
	for i := range days {
		profile := profiles[i%len(profiles)]
		t.Run(fmt.Sprintf("%03d %s", i, profile), func(t *testing.T) {
			t.Parallel()
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("ENGINE_SEED=%d", seed)
				}
			})
			var mutex sync.Mutex
			random, calls := rand.New(rand.NewPCG(seed, uint64(i))), 0
			settings := team(Settings{"profile": profile})
			rough := engine.New(t, engine.Options{Settings: settings, Faults: func(awssim.Operation) (fault engine.Fault) {
				mutex.Lock()
				defer mutex.Unlock()
				if calls++; random.IntN(50) == 0 {
					fault.Before = errThrottled
				}
				return fault
			}})
			untilDone(t, rough, false, rough.Up)
			change := Settings{"profile": profiles[(i+2)%len(profiles)]}
			calm := deployed(t, engine.Options{Settings: settings})
			calm.Change(change)
			requireDone(t, calm.Up())
			rough.Change(change)
			untilDone(t, rough, false, rough.Up)
			require.Empty(t, engine.DifferentStacks(t, calm, rough))

			kept := treasureOf(t, rough).archived()
			untilDone(t, rough, true, func() engine.Result { return rough.Destroy(true) })
			require.Empty(t, kept.lost(treasureOf(t, rough)))
			t.Logf("%d calls", calls)
		})
	}
}
