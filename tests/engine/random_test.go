package engine_test

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/pkg/v3/resource/deploy"
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

const (
	defaultSeed = 20260115
	fewDraws    = 8
	manyDraws   = 100 // with ENGINE_LONG
	// maxRefused is how often a draw is repeated that the program refuses: settings of which each is right by itself may
	// contradict each other.
	maxRefused = 40
)

// TestRandomSettingsOfConfig: whatever the settings of AWS Config are, they deploy, change into any others and are
// destroyed without AWS refusing anything, no recorder or channel is ever replaced, and nothing is left behind.
func TestRandomSettingsOfConfig(t *testing.T) {
	t.Parallel()
	seed, draws := uint64(defaultSeed), fewDraws
	if text := os.Getenv("ENGINE_SEED"); text != "" {
		var err error
		seed, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err, "ENGINE_SEED is a whole number")
	}
	if long {
		draws = manyDraws
	}
	known := readKnown(t)
	var mutex sync.Mutex
	accepted, refused, keys := 0, 0, map[string]bool{}
	t.Cleanup(func() {
		t.Logf("seed %d: %d settings deployed, %d draws that the program refused", seed, accepted, refused)
		if t.Failed() || !long || os.Getenv("ENGINE_SEED") != "" {
			return
		}
		for _, key := range known.keys {
			require.True(t, keys[key], "%s is never drawn", key)
		}
	})
	for i := range draws {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			d := &drawing{Rand: rand.New(rand.NewPCG(seed, uint64(i))), known: known, keys: map[string]bool{}}
			stack := engine.New(t, engine.Options{})
			t.Cleanup(func() {
				if t.Failed() {
					t.Logf("ENGINE_SEED=%d, the settings were %s", seed, asText(stack.Settings()))
				}
			})
			inOrganization(t, stack)
			require.NoError(t, stack.Account().Update(func(a *awssim.Account) { a.Settings.OptInRegions = otherRegions }))
			before := stack.AccountContent()
			for _, operation := range []string{"deploy", "change"} {
				preview := d.accepted(t, stack)
				up := stack.Up()
				require.NoError(t, up.Err, "%s is refused:\n%s", operation, strings.Join(messages(up, diag.Error), "\n"))
				requireRecordersStay(t, up, stack.Settings())
				requireSamePlan(t, preview, up)
				requireUnchanged(t, stack.Preview())
				deliverConfigurations(t, stack)
			}
			requireDone(t, stack.Destroy(false))
			require.Empty(t, stack.State().Resources)
			// AWS makes the role of conformance packs itself, and does not take it away with the last pack:
			// https://docs.aws.amazon.com/config/latest/developerguide/cpack-prerequisites.html
			require.Subset(t, []string{"IAM.Roles.AWSServiceRoleForConfigConforms"}, engine.DifferentAccounts(t, before, stack.AccountContent()))

			mutex.Lock()
			defer mutex.Unlock()
			accepted, refused = accepted+2, refused+d.refused
			for key := range d.keys {
				keys[key] = true
			}
		})
	}
}

// asText writes settings as JSON.
func asText(settings Settings) string {
	text, err := json.Marshal(settings)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// requireRecordersStay fails when a recorder or channel was replaced, or was deleted where the settings want one.
func requireRecordersStay(t *testing.T, up engine.Result, settings Settings) {
	t.Helper()
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
func wantsRecorder(settings Settings, region string) bool {
	if region != home && !slices.Contains(settings["regions"].([]string), region) {
		return false
	}
	config, _ := settings["config"].(Settings)
	if config["enabled"] == false {
		return false
	}
	recording, _ := config["recording"].(Settings)
	types, _ := recording["resourceTypes"].([]string)
	return len(types) == 0 || slices.ContainsFunc(types, func(name string) bool {
		switch {
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
	keys  []string // of the settings
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

// withoutDraw are keys that say what exists in the account already, for which the account would have to be made, and
// those that no program takes yet; config_test.go has the former.
var withoutDraw = regexp.MustCompile(`^config\.(recorder|deliveryChannel|serviceLinkedRole|athena)\b|^config\.rules\.custom\[\]\.policyFile$`)

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
	for _, row := range settingRow.FindAllStringSubmatch(read("docs/settings.md"), -1) {
		if key := row[1]; row[2] != "object" && row[2] != "list of objects" && !withoutDraw.MatchString(key) {
			k.keys = append(k.keys, key)
		}
		switch row[1] {
		case "config.remediation.manual":
			k.docs = strings.Split(documents.FindStringSubmatch(row[0])[1], ", ")
		case "config.remediation.automatic":
			k.safe = strings.Split(documents.FindStringSubmatch(row[0])[1], ", ")
		}
	}
	require.NotEmpty(t, k.keys)

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
	known   known
	refused int
	keys    map[string]bool // drawn so far, those of refused draws not included
}

// accepted draws settings that the program takes, and gives them to the stack.
func (d *drawing) accepted(t *testing.T, stack *engine.Stack) engine.Result {
	t.Helper()
	var why []string
	for range maxRefused {
		stack.Change(Settings{"config": nil, "trail": nil})
		stack.Change(d.settings())
		preview := stack.Preview()
		if preview.Err == nil {
			requireDone(t, preview)
			d.keep("config", stack.Settings()["config"])
			return preview
		}
		why = messages(preview, diag.Error)
		require.Regexp(t, `program failed:[^*]*\* (config baseline "config":|settings below config:|config\.)`, why[0], "AWS refuses the preview")
		d.refused++
	}
	require.Fail(t, "no draw was accepted", "the last was refused because of %v", why)
	return engine.Result{}
}

// keep notes which keys were set.
func (d *drawing) keep(key string, value any) {
	d.keys[key] = true
	switch value := value.(type) {
	case Settings:
		for name, inner := range value {
			if d.isMap(key) {
				d.keep(key, inner)
			} else {
				d.keep(key+"."+name, inner)
			}
		}
	case []Settings:
		for _, inner := range value {
			d.keep(key+"[]", inner)
		}
	}
}

// isMap says whether the names below a key are the user's own.
func (d *drawing) isMap(key string) bool {
	return strings.HasSuffix(key, ".parameters") || strings.HasSuffix(key, ".requiredTags")
}
