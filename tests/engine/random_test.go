package engine_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/display"
	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

const (
	defaultSeed = 20260115
	fewDraws    = 30
	manyDraws   = 300 // with ENGINE_LONG
)

// TestRandomSettings: whatever the settings are, they deploy, change into any others and are destroyed without AWS refusing
// anything, nothing that keeps data is ever replaced, and nothing is left behind. What the program itself refuses it says by
// the names of settings, and without them it goes on.
func TestRandomSettings(t *testing.T) {
	t.Parallel()
	seed, draws := seedOfRun(t), fewDraws
	if long {
		draws = manyDraws
	}
	known := readKnown(t)
	var mutex sync.Mutex
	deployments, dropped := 0, 0
	t.Cleanup(func() {
		t.Logf("seed %d: %d settings deployed, %d single ones dropped that the program refused beside the others", seed, deployments, dropped)
	})
	for i := range draws {
		t.Run(fmt.Sprintf("%03d", i), func(t *testing.T) {
			t.Parallel()
			d := &drawing{Rand: rand.New(rand.NewPCG(seed, uint64(i))), known: known}
			w := inhabited(t, engine.New(t, engine.Options{}))
			first, before := d.found(t, d.settings(t, w))
			second := d.settings(t, w)
			second.agree(first)
			if before.content != nil { // what exists is named where it exists
				second["regions"] = first["regions"]
			}
			given := len(first.paths()) + len(second.paths())
			tried, problem := trialOf(t, before, first, second)
			if problem != "" {
				smaller, problem := shrunk(t, before, tried, problem)
				t.Fatalf("ENGINE_SEED=%d, draw %d; the smallest settings that fail are\n%s\n%s", seed, i, strings.Join(smaller, "\nchanged to\n"), problem)
			}
			mutex.Lock()
			defer mutex.Unlock()
			deployments += len(tried)
			for _, settings := range tried {
				given -= len(settings.paths())
			}
			dropped += given
		})
	}
}

// TestEverySettingIsDrawn, and in the long run accepted by the program beside others: every key of docs/settings.json, and of few
// values each. Whatever type of resource that makes is in the states that upgrades are tested with.
func TestEverySettingIsDrawn(t *testing.T) {
	t.Parallel()
	seed, known, drawn := seedOfRun(t), readKnown(t), map[string]bool{}
	made, recorded := map[string]bool{}, map[string]bool{}
	missing := func() (paths []string) {
		for _, tree := range known.trees {
			for _, path := range tree.leaves(tree.Name) {
				if !drawn[path] {
					paths = append(paths, path)
				}
			}
		}
		return paths
	}
	if !long { // what exists already is known to a deployed stack only
		for _, path := range missing() {
			if slices.ContainsFunc(allFindings, func(f finding) bool { return slices.Contains(f.keys, strings.Split(path, ": ")[0]) }) {
				drawn[path] = true
			}
		}
	}
	for i := 0; i < 3*manyDraws && len(missing()) > 0; i++ {
		d := &drawing{Rand: rand.New(rand.NewPCG(seed, uint64(i))), known: known}
		stack := engine.New(t, engine.Options{})
		w := inhabited(t, stack)
		settings := d.settings(t, w)
		if long {
			var preview engine.Result
			settings, preview = acceptedChange(t, stack, nil, settings)
			for _, step := range preview.Steps {
				made[step.Type] = true
			}
			settings, _ = d.found(t, settings)
		}
		for _, tree := range known.trees {
			if value, given := settings[tree.Name]; given {
				tree.keep(value, tree.Name, drawn)
			}
		}
	}
	require.Empty(t, missing(), "never drawn")
	if long {
		for _, profile := range profiles {
			for _, step := range engine.New(t, engine.Options{Settings: everything(profile)}).Preview().Steps {
				recorded[step.Type] = true
			}
		}
		require.Subset(t, slices.Collect(maps.Keys(recorded)), slices.Collect(maps.Keys(made)), "what TestRecordStates records lacks a type")
	}
}

// mayStay are default security groups that hardening.defaultSecurityGroups has emptied, which stay so, and what AWS has in a
// Region from the first call on.
var mayStay = regexp.MustCompile(`^EC2\.Regions\.([a-z0-9-]+\.SecurityGroups\.sg-[0-9a-f]+\.(Ingress|Egress|Tags)|ca-west-1)$`)

// trialOf deploys one, changes it to the other and destroys it, and says what went wrong; "" when nothing did. It returns the
// settings as the program took them: without those that it refuses beside the others.
func trialOf(t *testing.T, before scene, settings ...plain) (tried []plain, problem string) {
	problem = attempt(t, func(t testing.TB) {
		stack := before.stack(t)
		untouched := stack.AccountContent()
		var last plain
		var outputs resource.PropertyMap
		disposable := false
		for _, next := range settings {
			tried = append(tried, next)
			next, preview := acceptedChange(t, stack, last, next)
			tried[len(tried)-1] = next
			if last != nil && !disposable && refusedByProtection(preview) {
				tried = tried[:len(tried)-1]
				break // what keeps logs is never given up, unless a stack was disposable
			}
			requireDone(t, preview)
			up := stack.Up()
			require.NoError(t, up.Err, "the %s is refused:\n%s", []string{"deployment", "change"}[len(tried)-1], strings.Join(messages(up, diag.Error), "\n"))
			requireNothingReplaced(t, up)
			requireRecordersStay(t, up, next)
			requireSamePlan(t, preview, up)
			requireUnchanged(t, stack.Preview())
			deliverConfigurations(t, stack, othersRecorders(settings[0])...)
			last, outputs, disposable = next, up.Outputs, next["disposable"] == true
		}
		kept := treasureOf(t, stack)
		archiveKey := fmt.Sprint(outputs["archiveKeyArn"].V)
		requireDone(t, stack.Destroy(!disposable))
		if !disposable {
			require.Empty(t, slices.DeleteFunc(kept.lost(treasureOf(t, stack)), func(what string) bool {
				return !strings.HasPrefix(what, "bucket ") && !strings.HasPrefix(what, "object ") && what != "key "+archiveKey
			}), "a destroy keeps it")
			return
		}
		require.Empty(t, stack.State().Resources)
		requireOnlyWhatStays(t, slices.DeleteFunc(engine.DifferentAccounts(t, withoutHubs(t, before.without(t, untouched)), withoutHubs(t, stack.AccountContent())), func(place string) bool {
			return mayStay.MatchString(place) || tried[0]["disposable"] != true && strings.HasPrefix(place, "KMS.Keys.") || // that old logs stay readable
				everTrue("threats.guardDuty.keepDetectors", tried) && strings.HasPrefix(place, "GuardDuty")
		}))
	})
	return tried, problem
}

// everTrue says whether something was asked at any time to stay: what left the stack then did.
func everTrue(path string, tried []plain) bool {
	return slices.ContainsFunc(tried, func(settings plain) bool { return settings.get(path) == true })
}

// acceptedChange gives a stack settings and previews them. What the program refuses beside the others it takes away.
func acceptedChange(t testing.TB, stack *engine.Stack, before, settings plain) (plain, engine.Result) {
	settings = settings.clone(t)
	for {
		give(stack, settings)
		preview := stack.Preview()
		refused := refusedBySettings(preview)
		if refused == nil {
			if before == nil {
				return settings, preview
			}
			// What was refused beside something that was taken away, too, may not be refused any more.
			for _, path := range agreed {
				if reflect.DeepEqual(settings.get(path), before.get(path)) {
					continue
				}
				agreeing := settings.clone(t)
				agreeing.set(path, before.get(path))
				give(stack, agreeing)
				if again := stack.Preview(); refusedBySettings(again) == nil {
					settings, preview = agreeing, again
				}
			}
			give(stack, settings)
			return settings, preview
		}
		text := asText(settings)
		for _, path := range refused {
			settings.drop(path)
		}
		if slices.Contains(refused, "deployers") { // strict demands them
			settings["deployers"] = []any{continuousIntegration}
		}
		require.NotEqual(t, text, asText(settings), "the program refuses what is not set: %v", refused)
	}
}

// agreed is what all settings of a stack have to agree on.
var agreed = slices.Concat(onceDrawn, foundPaths)

// agree takes over what all settings of a stack have to agree on.
func (o plain) agree(with plain) {
	for _, path := range agreed {
		o.set(path, with.get(path))
	}
}

// othersRecorders are the Regions where a recorder is left alone, whether it runs or not, or where it delivers through the channel
// of somebody else.
func othersRecorders(settings plain) []string {
	recorders, _ := settings.get("config.recorder.existing").(map[string]any)
	channels, _ := settings.get("config.deliveryChannel.existing").(map[string]any)
	return slices.Concat(slices.Sorted(maps.Keys(recorders)), slices.Sorted(maps.Keys(channels)))
}

// refusedByProtection says whether Pulumi refuses to delete what is protected.
func refusedByProtection(r engine.Result) bool {
	return slices.ContainsFunc(messages(r, diag.Error), func(message string) bool { return strings.Contains(message, "because it is protected") })
}

// withoutHubs leaves out the notification hubs, since AWS keeps the last one of an account:
// https://docs.aws.amazon.com/notifications/latest/APIReference/API_DeregisterNotificationHub.html
func withoutHubs(t require.TestingT, account []byte) []byte {
	var content map[string]any
	require.NoError(t, json.Unmarshal(account, &content))
	if notifications, ok := content["Notifications"].(map[string]any); ok {
		delete(notifications, "Hubs")
	}
	rest, err := json.Marshal(content)
	require.NoError(t, err)
	return rest
}

// requireNothingReplaced fails when what keeps data was replaced. It may go: the settings no longer want it.
func requireNothingReplaced(t require.TestingT, up engine.Result) {
	for _, step := range up.Changes() {
		if slices.Contains(stateful, step.Type) {
			require.Contains(t, []display.StepOp{deploy.OpCreate, deploy.OpUpdate, deploy.OpDelete, deploy.OpImport, deploy.OpDiff}, step.Op, "%s, because of %v", step, step.Replaces)
		}
	}
}

// asText writes settings as JSON.
func asText(settings plain) string {
	text, err := json.Marshal(settings)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// requireRecordersStay fails when a recorder or channel was replaced, or was deleted where the settings want one.
func requireRecordersStay(t require.TestingT, up engine.Result, settings plain) {
	for _, step := range up.Changes() {
		if step.Type != recorderType && step.Type != channelType {
			continue
		}
		switch step.Op {
		case deploy.OpCreate, deploy.OpUpdate:
		case deploy.OpDelete:
			_, region, _ := strings.Cut(strings.TrimPrefix(step.Name, "config-"), "-")
			require.False(t, wantsRecorder(settings, region), "%s is deleted", step.Name)
		default:
			require.Fail(t, "a recorder or channel is replaced", "%s, because of %v", step, step.Replaces)
		}
	}
}

// wantsRecorder says whether the settings ask for a recorder in the Region.
func wantsRecorder(settings plain, region string) bool {
	if regions, listed := settings["regions"].([]any); listed && region != home && !slices.Contains(regions, any(region)) {
		return false
	}
	config, _ := settings["config"].(map[string]any)
	if config["enabled"] == false {
		return false
	}
	recording, _ := config["recording"].(map[string]any)
	types, _ := recording["resourceTypes"].([]any)
	return len(types) == 0 || slices.ContainsFunc(types, func(of any) bool {
		switch name := of.(string); {
		case slices.Contains(onceTypes, name):
			return region == home
		case strings.HasPrefix(name, "AWS::CloudFront::"):
			return region == "us-east-1"
		default:
			return true
		}
	})
}

// known is what there is to draw from.
type known struct {
	trees []*settingKey
	types []string // that AWS Config records
	sets  map[string][]ruleOfSet
	rules map[string]managedRule // by identifier
	lists map[string][]string    // of Regions, named by the rules
	names []string               // of the rules, sorted
	docs  []string               // names of remediation documents
	safe  []string               // those of them that run by themselves
}

type ruleOfSet struct {
	name       string
	parameters []string
}

type managedRule struct {
	Trigger      string
	Types        []string
	Parameters   map[string]string
	Required     []string
	Only, Except string
}

var (
	settingRow = regexp.MustCompile("(?m)^\\| `(config\\.[^`]+)` \\| ([^|]+) \\|.*$")
	ruleRow    = regexp.MustCompile("(?m)^\\| `([a-z0-9-]+)` \\| [^|]+ \\| [^|]+ \\| [^|]+ \\| ([^|]+) \\|")
	backquoted = regexp.MustCompile("`([^`]+)`")
	documents  = regexp.MustCompile(`\*Each ([A-Za-z0-9, ]+)\.\*`)
)

// readKnown reads the keys and documents from the page of settings, the sets from the page of rules, and types and rules
// from the simulated account.
func readKnown(t *testing.T) known {
	t.Helper()
	read := func(file string) string {
		text, err := os.ReadFile("../../" + file)
		require.NoError(t, err)
		return string(text)
	}
	k := known{types: strings.Fields(read("internal/awssim/config_types.txt")), sets: map[string][]ruleOfSet{}}
	k.trees = readSettingKeys(t)
	for _, row := range settingRow.FindAllStringSubmatch(read("docs/settings.md"), -1) {
		switch row[1] {
		case "config.remediation.manual":
			k.docs = strings.Split(documents.FindStringSubmatch(row[0])[1], ", ")
		case "config.remediation.automatic":
			k.safe = strings.Split(documents.FindStringSubmatch(row[0])[1], ", ")
		}
	}
	require.NotEmpty(t, k.safe)

	var smaller []ruleOfSet
	sections := strings.Split(read("docs/configrules.md"), "\n## ")
	for _, set := range []string{"seed", "essentials", "full"} {
		i := slices.IndexFunc(sections, func(s string) bool { return strings.HasSuffix(strings.SplitN(s, "\n", 2)[0], ": `"+set+"`") })
		require.GreaterOrEqual(t, i, 0, "docs/configrules.md has no section about the set %s", set)
		for _, row := range ruleRow.FindAllStringSubmatch(sections[i], -1) {
			rule := ruleOfSet{name: row[1]}
			for _, parameter := range backquoted.FindAllStringSubmatch(row[2], -1) {
				rule.parameters = append(rule.parameters, parameter[1])
			}
			smaller = append(smaller, rule)
		}
		k.sets[set] = slices.Clone(smaller)
	}
	var aws struct {
		Regions map[string][]string
		Rules   map[string]managedRule
	}
	require.NoError(t, json.Unmarshal([]byte(read("internal/awssim/config_rules.json")), &aws))
	k.rules, k.lists = aws.Rules, aws.Regions
	for name := range aws.Rules {
		k.names = append(k.names, name)
	}
	slices.Sort(k.names)
	return k
}

// in says whether AWS has the rule in the Region.
func (k known) in(rule managedRule, region string) bool {
	return (rule.Only == "" || slices.Contains(k.lists[rule.Only], region)) && !slices.Contains(k.lists[rule.Except], region)
}

// drawing draws settings.
type drawing struct {
	*rand.Rand
	known known
}
