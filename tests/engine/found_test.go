package engine_test

import (
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-8894d46d/account-baseline/internal/awssim"
	"github.com/seed-8894d46d/account-baseline/tests/engine"
)

// This file draws what somebody has made in the account before the stack comes, and the settings that name it.

// scene is an account before the stack comes.
type scene struct {
	content []byte     // nil: what every account of the draws has
	gone    [][]string // places that the stack adopts, and takes with it
}

// without takes from the content of an account what the stack adopts and takes with it. Settings of the account become what
// they were before anybody set them.
func (s scene) without(t require.TestingT, account []byte) []byte {
	var content map[string]any
	require.NoError(t, json.Unmarshal(account, &content))
	for _, place := range s.gone {
		inner, last := content, len(place)-1
		for _, name := range place[:last] {
			inner, _ = inner[name].(map[string]any)
		}
		switch inner[place[last]].(type) {
		case bool:
			inner[place[last]] = false
		case string:
			inner[place[last]] = ""
		default:
			delete(inner, place[last])
		}
	}
	rest, err := json.Marshal(content)
	require.NoError(t, err)
	return rest
}

// stack is a stack in an account of its own that is the scene's.
func (s scene) stack(t testing.TB) *engine.Stack {
	t.Helper()
	stack := engine.New(t, engine.Options{})
	if s.content == nil {
		inhabited(t, stack)
		return stack
	}
	require.NoError(t, stack.Account().Update(func(a *awssim.Account) { require.NoError(t, json.Unmarshal(s.content, a)) }))
	return stack
}

// finding is something that may exist already.
type finding struct {
	keys []string // the settings that name it
	// put takes it from a twin of the stack and names it in the settings.
	put func(f *findings)
}

// findings are being put into an account.
type findings struct {
	*rand.Rand
	t        *testing.T
	twin     *engine.Stack // has deployed the settings
	up       engine.Result // of the twin
	stack    *engine.Stack
	settings plain
	gone     [][]string
}

var allFindings = []finding{
	{[]string{"archive.adopt.trailBucket", "archive.adopt.deliveryBucket", "archive.adopt.accessLogBucket", "archive.adopt.keyId"}, foundArchive},
	{[]string{
		"config.recorder.existing.NAME", "config.recorder.adopt.NAME", "config.deliveryChannel.existing.NAME", "config.deliveryChannel.adopt.NAME",
		"config.serviceLinkedRole.management",
	}, foundRecorders},
	{[]string{"threats.guardDuty.existing.NAME", "threats.guardDuty.adopt.NAME"}, foundDetectors},
	{[]string{
		"threats.accessAnalyzer.existing.NAME", "threats.accessAnalyzer.adopt.NAME",
		"threats.accessAnalyzer.unusedAccess.existing", "threats.accessAnalyzer.unusedAccess.adopt",
	}, foundAnalyzers},
	{[]string{"threats.securityHub.existing[]", "threats.securityHub.adopt[]"}, foundHubs},
	{[]string{"billing.anomalyDetection.existing", "billing.anomalyDetection.adopt"}, foundMonitor},
	{[]string{"alerts.watch.existingNotificationHub"}, foundNotificationHub},
	{[]string{"hardening.adopt[]"}, foundHardenings},
}

// foundPaths are the settings that name what exists. They stay as they are, as the documentation asks, and no draw drops them
// from the settings without taking what they name from the account.
var foundPaths = []string{
	"archive.adopt", "config.recorder", "config.deliveryChannel", "config.serviceLinkedRole", "threats.guardDuty.existing", "threats.guardDuty.adopt",
	"threats.accessAnalyzer.existing", "threats.accessAnalyzer.adopt", "threats.accessAnalyzer.unusedAccess.existing",
	"threats.accessAnalyzer.unusedAccess.adopt", "threats.securityHub.existing", "threats.securityHub.adopt", "billing.anomalyDetection.existing",
	"billing.anomalyDetection.adopt", "alerts.watch.existingNotificationHub", "hardening.adopt",
}

// found is a scene in which some of what the settings make exists, and the settings that name it.
func (d *drawing) found(t *testing.T, settings plain) (plain, scene) {
	t.Helper()
	if d.IntN(2) == 0 {
		return settings, scene{}
	}
	seed := d.Uint64()
	var chosen []int
	for i := range allFindings {
		if d.IntN(3) == 0 {
			chosen = append(chosen, i)
		}
	}
	twin := scene{}.stack(t)
	settings, preview := acceptedChange(t, twin, nil, settings)
	if preview.Err != nil {
		return settings, scene{} // of which the trial tells
	}
	up := twin.Up()
	if up.Err != nil {
		return settings, scene{}
	}
	for len(chosen) > 0 {
		f := &findings{t: t, twin: twin, up: up, stack: scene{}.stack(t), settings: settings.clone(t)}
		for _, i := range chosen {
			f.Rand = rand.New(rand.NewPCG(seed, uint64(i)))
			allFindings[i].put(f)
		}
		var given int
		f.look(func(a *awssim.Account) { given = a.Sequence })
		f.change(func(a *awssim.Account) { a.Sequence = given }) // nothing new has the id of what exists
		give(f.stack, f.settings)
		preview := f.stack.Preview()
		if preview.Err == nil {
			return f.settings, scene{f.stack.AccountContent(), f.gone}
		}
		refused := refusedBySettings(preview)
		require.NotNil(t, refused, "the preview of %s is refused without a setting being named:\n%s", asText(f.settings), describe(preview))
		rest := slices.DeleteFunc(slices.Clone(chosen), func(i int) bool {
			return slices.ContainsFunc(allFindings[i].keys, func(key string) bool {
				return slices.ContainsFunc(refused, func(path string) bool {
					return strings.HasPrefix(path, strings.TrimSuffix(strings.TrimSuffix(key, ".NAME"), "[]"))
				})
			})
		})
		require.Less(t, len(rest), len(chosen), "what exists is refused by other names: %v, of %s", refused, asText(f.settings))
		chosen = rest
	}
	return settings, scene{}
}

// word says whether what exists is left alone or adopted.
func (f *findings) word() string { return one(f, []string{"existing", "adopt"}) }

// take puts an entry of the twin into the account. With adopt it goes with the stack.
func (f *findings) take(word, service, table, entry string) {
	f.stack.Plant(f.twin, service, table, entry)
	if word == "adopt" {
		f.gone = append(f.gone, []string{service, table, entry})
	}
}

// roles takes the service-linked roles of a service, which AWS makes with the first thing of it.
func (f *findings) roles(services ...string) {
	var roles []string
	f.look(func(a *awssim.Account) { roles = slices.Sorted(maps.Keys(a.IAM.Roles)) })
	for _, role := range roles {
		if slices.ContainsFunc(services, func(service string) bool { return strings.HasPrefix(role, "AWSServiceRoleFor"+service) }) {
			f.stack.Plant(f.twin, "IAM", "Roles", role)
		}
	}
}

func (f *findings) look(at func(*awssim.Account)) {
	f.t.Helper()
	require.NoError(f.t, f.twin.Account().Update(at))
}

func (f *findings) change(account func(*awssim.Account)) {
	f.t.Helper()
	require.NoError(f.t, f.stack.Account().Update(account))
}

// foundArchive is what an earlier stack has left behind, as the output of that one says it.
func foundArchive(f *findings) {
	if output := f.up.Outputs["adoption"]; !output.IsString() || output.StringValue() == "" {
		return
	}
	left := adoption(f.t, f.up)["archive"].(Settings)["adopt"].(Settings)
	for _, key := range slices.Sorted(maps.Keys(left)) {
		if f.IntN(3) == 0 {
			continue
		}
		name := left[key].(string)
		f.settings.set("archive.adopt."+key, name)
		if key != "keyId" {
			f.take("adopt", "S3", "Buckets", name)
			f.settings.set("archive.bucketNames."+map[string]string{"trailBucket": "trail", "deliveryBucket": "delivery", "accessLogBucket": "accessLogs"}[key], nil)
			continue
		}
		f.look(func(a *awssim.Account) {
			for arn, k := range a.KMS.Keys {
				if k.ID == name {
					name = arn
				}
			}
		})
		f.take("adopt", "KMS", "Keys", name)
	}
	if names, _ := f.settings.get("archive.bucketNames").(map[string]any); len(names) == 0 {
		f.settings.set("archive.bucketNames", nil)
	}
}

// foundRecorders are recorders and channels with the role that they need. A recorder without a channel does not run.
func foundRecorders(f *findings) {
	var recorders, channels, roles map[string]bool
	f.look(func(a *awssim.Account) {
		recorders, channels, roles = keysOf(a.Config.Recorders), keysOf(a.Config.Channels), keysOf(a.IAM.Roles)
	})
	if !roles[configLinkedRole] {
		return
	}
	role := f.word()
	for _, region := range slices.Sorted(maps.Keys(recorders)) {
		channel, recorder := channels[region] && f.IntN(2) == 0, f.IntN(2) == 0
		name, word := "", f.word()
		if channel { // that of a recorder that is left alone and runs cannot be deleted
			wordOfChannel := f.word()
			if recorder && word == "existing" {
				wordOfChannel = word
			}
			f.take(wordOfChannel, "Config", "Channels", region)
			f.look(func(a *awssim.Account) { name = a.Config.Channels[region].Name })
			f.settings.set("config.deliveryChannel."+wordOfChannel+"."+region, name)
		}
		if !recorder {
			continue
		}
		if word == "existing" { // and uses the role, which cannot be deleted
			role = word
		}
		f.take(word, "Config", "Recorders", region)
		f.look(func(a *awssim.Account) { name = a.Config.Recorders[region].Name })
		f.settings.set("config.recorder."+word+"."+region, name)
		f.change(func(a *awssim.Account) { a.Config.Recorders[region].Recording = channel })
	}
	f.take(role, "IAM", "Roles", configLinkedRole)
	f.settings.set("config.serviceLinkedRole.management", role)
}

func keysOf[T any](table map[string]T) map[string]bool {
	keys := map[string]bool{}
	for key := range table {
		keys[key] = true
	}
	return keys
}

func foundDetectors(f *findings) {
	ids := map[string]string{}
	f.look(func(a *awssim.Account) {
		for region, detector := range a.GuardDuty.Detectors {
			ids[region] = detector.ID
		}
	})
	for _, region := range slices.Sorted(maps.Keys(ids)) {
		if f.IntN(2) == 0 {
			continue
		}
		word := f.word()
		f.roles("AmazonGuardDuty")
		f.take(word, "GuardDuty", "Detectors", region)
		f.settings.set("threats.guardDuty."+word+"."+region, ids[region])
		f.change(func(a *awssim.Account) {
			detector := a.GuardDuty.Detectors[region]
			detector.Filters, detector.IPSets, detector.ThreatLists, detector.Destinations = nil, nil, nil, nil
		})
	}
}

func foundAnalyzers(f *findings) {
	kinds := map[string]string{}
	f.look(func(a *awssim.Account) {
		for key, analyzer := range a.AccessAnalyzer.Analyzers {
			kinds[key] = analyzer.Type
		}
	})
	for _, key := range slices.Sorted(maps.Keys(kinds)) {
		if f.IntN(2) == 0 {
			continue
		}
		word := f.word()
		region, name, _ := strings.Cut(key, "/")
		f.roles("AccessAnalyzer")
		f.take(word, "AccessAnalyzer", "Analyzers", key)
		if strings.HasSuffix(kinds[key], "_UNUSED_ACCESS") {
			f.settings.set("threats.accessAnalyzer.unusedAccess."+word, name)
		} else {
			f.settings.set("threats.accessAnalyzer."+word+"."+region, name)
		}
		f.change(func(a *awssim.Account) { a.AccessAnalyzer.Analyzers[key].Rules = nil })
	}
}

func foundHubs(f *findings) {
	var hubs map[string]bool
	f.look(func(a *awssim.Account) { hubs = keysOf(a.SecurityHub.Hubs) })
	named := map[string][]any{}
	for _, region := range slices.Sorted(maps.Keys(hubs)) {
		if f.IntN(2) == 0 {
			continue
		}
		word := f.word()
		f.roles("SecurityHub")
		f.take(word, "SecurityHub", "Hubs", region)
		named[word] = append(named[word], region)
		f.change(func(a *awssim.Account) { a.SecurityHub.Hubs[region].Standards = nil })
	}
	for word, regions := range named {
		f.settings.set("threats.securityHub."+word, regions)
	}
}

func foundMonitor(f *findings) {
	var monitors map[string]bool
	f.look(func(a *awssim.Account) { monitors = keysOf(a.CostExplorer.Monitors) })
	for arn := range monitors {
		word := f.word()
		f.take(word, "CostExplorer", "Monitors", arn)
		f.settings.set("billing.anomalyDetection."+word, arn)
	}
}

// foundNotificationHub: AWS keeps the last hub of an account.
func foundNotificationHub(f *findings) {
	var hubs map[string]bool
	f.look(func(a *awssim.Account) { hubs = keysOf(a.Notifications.Hubs) })
	for region := range hubs {
		f.take("existing", "Notifications", "Hubs", region)
		f.settings.set("alerts.watch.existingNotificationHub", true)
	}
}

// foundHardenings are settings of the account that are as the stack wants them.
func foundHardenings(f *findings) {
	var adopted []any
	for _, name := range f.hardenings() {
		if f.IntN(2) == 0 {
			continue
		}
		adopted = append(adopted, name)
		var twin struct {
			IAM struct {
				PasswordPolicy json.RawMessage
				Alias          string
			}
			S3                struct{ PublicAccess json.RawMessage }
			AccountManagement struct{ AlternateContacts map[string]any }
		}
		require.NoError(f.t, json.Unmarshal(f.twin.AccountContent(), &twin))
		contact := "123456789012/" + strings.ToUpper(strings.TrimSuffix(name, "-contact"))
		switch name {
		case "password-policy":
			f.change(func(a *awssim.Account) {
				require.NoError(f.t, json.Unmarshal(twin.IAM.PasswordPolicy, &a.IAM.PasswordPolicy))
			})
			f.gone = append(f.gone, []string{"IAM", "PasswordPolicy"})
		case "s3-public-access":
			f.change(func(a *awssim.Account) {
				require.NoError(f.t, json.Unmarshal(twin.S3.PublicAccess, &a.S3.PublicAccess))
			})
			f.gone = append(f.gone, []string{"S3", "PublicAccess"})
		case "account-alias":
			f.change(func(a *awssim.Account) { a.IAM.Alias = twin.IAM.Alias })
			f.gone = append(f.gone, []string{"IAM", "Alias"})
		case "security-contact", "billing-contact", "operations-contact":
			f.take("adopt", "AccountManagement", "AlternateContacts", contact)
		default:
			f.hardenedRegions(name)
		}
	}
	if adopted != nil {
		f.settings.set("hardening.adopt", adopted)
	}
}

// hardenings are those that the twin has and that can be adopted.
func (f *findings) hardenings() (names []string) {
	output := f.up.Outputs["hardenings"]
	if !output.IsArray() {
		return nil
	}
	var adoptable []string
	for _, tree := range readSettingKeys(f.t) {
		if tree.Name == "hardening" {
			for _, key := range tree.Keys {
				if key.Name == "adopt" {
					adoptable = key.Elements.Choices
				}
			}
		}
	}
	require.NotEmpty(f.t, adoptable)
	for _, name := range output.ArrayValue() {
		if name.IsString() && slices.Contains(adoptable, name.StringValue()) {
			names = append(names, name.StringValue())
		}
	}
	return names
}

// hardenedRegions takes a setting of EC2 in every Region.
func (f *findings) hardenedRegions(name string) {
	type region struct {
		encryption, console bool
		block               string
	}
	regions := map[string]region{}
	f.look(func(a *awssim.Account) {
		for key, r := range a.EC2.Regions {
			regions[key] = region{r.EncryptionByDefault, r.SerialConsole, r.SnapshotBlock}
		}
	})
	for key, twin := range regions {
		switch name {
		case "ebs-encryption":
			f.change(func(a *awssim.Account) { a.EC2.Regions[key].EncryptionByDefault = twin.encryption })
			f.gone = append(f.gone, []string{"EC2", "Regions", key, "EncryptionByDefault"})
		case "snapshot-public-access":
			f.change(func(a *awssim.Account) { a.EC2.Regions[key].SnapshotBlock = twin.block })
			f.gone = append(f.gone, []string{"EC2", "Regions", key, "SnapshotBlock"})
		case "serial-console":
			f.change(func(a *awssim.Account) { a.EC2.Regions[key].SerialConsole = twin.console })
			f.gone = append(f.gone, []string{"EC2", "Regions", key, "SerialConsole"})
		default:
			require.Fail(f.t, "it is not known how this exists", "%s", name)
		}
	}
}
