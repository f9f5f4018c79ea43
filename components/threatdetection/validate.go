package threatdetection

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/components/internal/account"
	"github.com/seed-8894d46d/account-baseline/components/internal/naming"
)

var (
	publishingFrequencies = []string{"FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"}
	listFormats           = []string{"TXT", "STIX", "OTX_CSV", "ALIEN_VAULT", "PROOF_POINT", "FIRE_EYE"}
	scannedTypes          = []string{"EC2", "ECR", "LAMBDA", "LAMBDA_CODE"}
	agents                = []Agent{EKSAddonManagement, ECSFargateAgentManagement, EC2AgentManagement}

	detectorID    = regexp.MustCompile(`^[0-9a-f]{32}$`)
	analyzerName  = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_.-]{0,254}$`)
	filterName    = regexp.MustCompile(`^[A-Za-z0-9_.-]{3,64}$`)
	findingField  = regexp.MustCompile(`^(accountId|arn|confidence|id|region|severity|type|updatedAt|(resource|service)(\.[A-Za-z0-9]+)+)$`)
	filterKey     = regexp.MustCompile(`^(resource|resourceType|resourceOwnerAccount|findingType|id|error|isPublic|resourceControlPolicyRestriction|(principal|condition)\.[^\s"]+)$`)
	listLocation  = regexp.MustCompile(`^(s3://[^\s"/]+|https://s3[.-]([a-z0-9-]+\.)?amazonaws\.com(\.cn)?/[^\s"/]+|https://[^\s"/]+\.s3[.-]([a-z0-9-]+\.)?amazonaws\.com(\.cn)?)/[^\s"]+$`)
	bucketName    = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
	keyArn        = regexp.MustCompile(`^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$`)
	controlID     = regexp.MustCompile(`^[A-Za-z0-9]+\.[0-9]+$`)
	validReason   = regexp.MustCompile(`^[^\x00-\x1f]{1,512}$`)
	maxFilters    = 100
	maxThreats    = 6
	maxValues     = 50
	maxRuleValues = 20
	maxPrefixes   = 5
)

// findings collects problems, each naming its field.
type findings struct{ problems []error }

func (f *findings) add(format string, values ...any) {
	f.problems = append(f.problems, fmt.Errorf(format, values...))
}

// oneOf wants one of the choices.
func (f *findings) oneOf(field, value string, choices []string) {
	if !slices.Contains(choices, value) {
		f.add("%s: %q is none of %s", field, value, strings.Join(choices, ", "))
	}
}

// distinct wants no value twice.
func (f *findings) distinct(field string, values []string) {
	for i, value := range values {
		if first := slices.Index(values, value); first < i {
			f.add("%s[%d]: %q is %s[%d] already; remove one of them", field, i, value, field, first)
		}
	}
}

// validate returns all that is wrong with the arguments whatever the Regions, each problem naming its field.
func (a *ThreatDetectionArgs) validate() error {
	f := &findings{}
	if err := naming.CheckPrefix("NamePrefix", a.NamePrefix); err != nil {
		f.problems = append(f.problems, err)
	}
	for i, arn := range a.IgnoreChangesBy {
		if !account.PrincipalArn.MatchString(arn) {
			f.add("IgnoreChangesBy[%d]: %q is no ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/ci/deployer", i, arn)
		}
	}
	a.checkGuardDuty(f)
	a.checkPlans(f)
	a.checkFilters(f)
	a.checkLists(f)
	a.checkMalware(f)
	a.checkSeverities(f)
	a.AccessAnalyzer.check(f)
	a.SecurityHub.check(f)
	if a.OmitHealth && a.PublicHealthIssues {
		f.add("PublicHealthIssues: has no effect without AWS Health; leave it or OmitHealth out")
	}
	a.checkScanners(f)
	return errors.Join(f.problems...)
}

func (a *ThreatDetectionArgs) checkScanners(f *findings) {
	f.distinct("Inspector.Regions", a.Inspector.Regions)
	f.distinct("Inspector.ResourceTypes", a.Inspector.ResourceTypes)
	for i, scanned := range a.Inspector.ResourceTypes {
		f.oneOf(fmt.Sprintf("Inspector.ResourceTypes[%d]", i), scanned, scannedTypes)
	}
	if slices.Contains(a.Inspector.ResourceTypes, "LAMBDA_CODE") && !slices.Contains(a.Inspector.ResourceTypes, "LAMBDA") {
		f.add("Inspector.ResourceTypes: LAMBDA_CODE needs LAMBDA; add it")
	}
	if !a.Inspector.used() && len(a.Inspector.ResourceTypes) > 0 {
		f.add("Inspector.ResourceTypes: has no effect without Inspector.Regions; name the Regions to scan")
	}
	f.distinct("Macie.Regions", a.Macie.Regions)
	f.oneOf("Macie.FindingPublishingFrequency", a.Macie.publishingFrequency(), publishingFrequencies)
	if !a.Macie.used() && a.Macie.FindingPublishingFrequency != "" {
		f.add("Macie.FindingPublishingFrequency: has no effect without Macie.Regions; name the Regions")
	}
	for _, given := range []struct {
		name    string
		every   bool
		regions []string
	}{{"Inspector", a.Inspector.EveryRegion, a.Inspector.Regions}, {"Macie", a.Macie.EveryRegion, a.Macie.Regions}} {
		if given.every && len(given.regions) > 0 {
			f.add("%s.EveryRegion: %s.Regions names some; leave out one of them", given.name, given.name)
		}
	}
}

func (a *ThreatDetectionArgs) checkGuardDuty(f *findings) {
	f.oneOf("FindingPublishingFrequency", a.publishingFrequency(), publishingFrequencies)
	checkExisting(f, "Detectors", a.Detectors, detectorID, "no detector id of 32 hexadecimal digits")
	if !a.OmitGuardDuty {
		return
	}
	for _, given := range []struct {
		field string
		given bool
	}{
		{"Detectors", len(a.Detectors) > 0},
		{"Plans", len(a.Plans) > 0},
		{"RuntimeAgents", len(a.RuntimeAgents) > 0},
		{"MissingPlans", len(a.MissingPlans) > 0},
		{"FindingPublishingFrequency", a.FindingPublishingFrequency != ""},
		{"KeepDetectors", a.KeepDetectors},
		{"SuppressionFilters", len(a.SuppressionFilters) > 0},
		{"TrustedIPList", a.TrustedIPList != nil},
		{"ThreatIPLists", len(a.ThreatIPLists) > 0},
		{"CriticalFrom", a.CriticalFrom != 0},
		{"WarningFrom", a.WarningFrom != 0},
		{"InformationalFindings", a.InformationalFindings},
	} {
		if given.given {
			f.add("%s: has no effect without GuardDuty; leave it or OmitGuardDuty out", given.field)
		}
	}
}

func checkExisting(f *findings, field string, existing map[string]Existing, valid *regexp.Regexp, otherwise string) {
	for _, region := range slices.Sorted(maps.Keys(existing)) {
		existing[region].check(f, fmt.Sprintf("%s[%q]", field, region), valid, otherwise)
	}
}

func (e Existing) check(f *findings, at string, valid *regexp.Regexp, otherwise string) {
	switch given := cmp.Or(e.Existing, e.Adopt); {
	case e.Existing != "" && e.Adopt != "":
		f.add("%s: Existing %q stays unmanaged and Adopt %q is imported, but there is one only; leave out one of them", at, e.Existing, e.Adopt)
	case given == "":
		f.add("%s: neither Existing nor Adopt names it; leave it out to have one made", at)
	case !valid.MatchString(given):
		f.add("%s: %q is %s", at, given, otherwise)
	}
}

func (a *ThreatDetectionArgs) checkPlans(f *findings) {
	names := make([]string, len(plans))
	for i, plan := range plans {
		names[i] = string(plan.Plan)
	}
	check := func(at string, plan Plan) {
		switch _, known := knownPlan(plan); {
		case plan == eksRuntimeMonitoring:
			f.add("%s: GuardDuty refuses it beside %s, which covers EKS; use that one", at, RuntimeMonitoring)
		case !known:
			f.add("%s: no such plan; there are %s", at, strings.Join(names, ", "))
		}
	}
	for _, plan := range slices.Sorted(maps.Keys(a.Plans)) {
		check(fmt.Sprintf("Plans[%q]", plan), plan)
	}
	for _, region := range slices.Sorted(maps.Keys(a.MissingPlans)) {
		for i, plan := range a.MissingPlans[region] {
			check(fmt.Sprintf("MissingPlans[%q][%d]: %q", region, i, plan), plan)
		}
	}
	for _, agent := range slices.Sorted(maps.Keys(a.RuntimeAgents)) {
		switch at := fmt.Sprintf("RuntimeAgents[%q]", agent); {
		case !slices.Contains(agents, agent):
			f.add("%s: no such agent; there are %s, %s and %s", at, agents[0], agents[1], agents[2])
		case a.RuntimeAgents[agent] && !a.Plans[RuntimeMonitoring]:
			f.add("%s: an agent without runtime monitoring has no effect; switch on Plans[%q] too", at, RuntimeMonitoring)
		}
	}
}

func (a *ThreatDetectionArgs) checkFilters(f *findings) {
	if len(a.SuppressionFilters) > maxFilters {
		f.add("SuppressionFilters: %d filters, GuardDuty takes at most %d; name fewer", len(a.SuppressionFilters), maxFilters)
	}
	var names []string
	for i, filter := range a.SuppressionFilters {
		at := fmt.Sprintf("SuppressionFilters[%d]", i)
		if !filterName.MatchString(filter.Name) {
			f.add("%s.Name: %q is no name of a filter: 3 to 64 letters, digits, dots, underscores and hyphens", at, filter.Name)
		}
		if first := slices.Index(names, filter.Name); first >= 0 {
			f.add("%s.Name: %q is the name of SuppressionFilters[%d] already; rename one of them", at, filter.Name, first)
		}
		names = append(names, filter.Name)
		if filter.Reason != "" && !validReason.MatchString(filter.Reason) {
			f.add("%s.Reason: 1 to 512 characters without line breaks are possible", at)
		}
		if len(filter.Equals)+len(filter.NotEquals) == 0 {
			f.add("%s: without Equals or NotEquals it would archive every finding; name what is known to be good", at)
		}
		checkCriteria(f, at+".Equals", filter.Equals, findingField, "no field of a finding, such as resource.instanceDetails.instanceId", maxValues)
		checkCriteria(f, at+".NotEquals", filter.NotEquals, findingField, "no field of a finding, such as resource.instanceDetails.instanceId", maxValues)
		for field := range filter.NotEquals {
			if _, both := filter.Equals[field]; both {
				f.add("%s.NotEquals[%q]: Equals has the field too; leave out one of them", at, field)
			}
		}
		f.distinct(at+".Regions", filter.Regions)
	}
}

func checkCriteria(f *findings, at string, criteria map[string][]string, field *regexp.Regexp, otherwise string, most int) {
	for _, name := range slices.Sorted(maps.Keys(criteria)) {
		values := criteria[name]
		switch at := fmt.Sprintf("%s[%q]", at, name); {
		case !field.MatchString(name):
			f.add("%s: it is %s", at, otherwise)
		case len(values) == 0 || len(values) > most:
			f.add("%s: 1 to %d values are possible, not %d", at, most, len(values))
		case slices.Contains(values, ""):
			f.add("%s: a value is empty; remove it", at)
		}
	}
}

func (a *ThreatDetectionArgs) checkLists(f *findings) {
	check := func(at string, list IPList) {
		if !listLocation.MatchString(list.Location) {
			f.add("%s.Location: %q is no URL of an object, such as s3://BUCKET/KEY", at, list.Location)
		}
		f.oneOf(at+".Format", list.format(), listFormats)
	}
	if a.TrustedIPList != nil {
		check("TrustedIPList", *a.TrustedIPList)
	}
	if len(a.ThreatIPLists) > maxThreats {
		f.add("ThreatIPLists: %d lists, GuardDuty takes at most %d; join some", len(a.ThreatIPLists), maxThreats)
	}
	for i, list := range a.ThreatIPLists {
		check(fmt.Sprintf("ThreatIPLists[%d]", i), list)
	}
}

func (a *ThreatDetectionArgs) checkMalware(f *findings) {
	var names []string
	for i, bucket := range a.MalwareProtectedBuckets {
		at := fmt.Sprintf("MalwareProtectedBuckets[%d]", i)
		if !bucketName.MatchString(bucket.Name) || strings.Contains(bucket.Name, "..") {
			f.add("%s.Name: %q is no bucket name: 3 to 63 lower-case letters, digits, hyphens and single periods", at, bucket.Name)
		}
		names = append(names, bucket.Name)
		if first := slices.Index(names, bucket.Name); first < i {
			f.add("%s.Name: %q is MalwareProtectedBuckets[%d] already; remove one of them", at, bucket.Name, first)
		}
		if len(bucket.Prefixes) > maxPrefixes {
			f.add("%s.Prefixes: %d prefixes, at most %d are possible", at, len(bucket.Prefixes), maxPrefixes)
		}
		if bucket.KeyArn != "" && !keyArn.MatchString(bucket.KeyArn) {
			f.add("%s.KeyArn: %q is no key ARN such as arn:aws:kms:us-east-1:123456789012:key/…", at, bucket.KeyArn)
		}
	}
}

// checkSeverities refuses ranges of which EventBridge would make a rule that never matches, or none at all.
func (a *ThreatDetectionArgs) checkSeverities(f *findings) {
	for _, given := range []struct {
		field string
		value float64
	}{{"CriticalFrom", a.criticalFrom()}, {"WarningFrom", a.warningFrom()}} {
		if !(given.value >= 1 && given.value <= 10) {
			f.add("%s: severities of GuardDuty are 1 to 10, not %v", given.field, given.value)
		}
	}
	if a.warningFrom() >= a.criticalFrom() {
		f.add("WarningFrom: %v is not below CriticalFrom %v; give both", a.warningFrom(), a.criticalFrom())
	}
	if a.InformationalFindings && a.warningFrom() <= 1 {
		f.add("InformationalFindings: no severity is below WarningFrom %v; leave it out", a.warningFrom())
	}
}

// unheard are alerts that were asked for and would reach nobody.
func (a *ThreatDetectionArgs) unheard() error {
	if a.Alerts != nil {
		return nil
	}
	f := &findings{}
	for _, given := range []struct {
		field string
		given bool
	}{
		{"CriticalFrom", a.CriticalFrom != 0},
		{"WarningFrom", a.WarningFrom != 0},
		{"InformationalFindings", a.InformationalFindings},
		{"TrustedAdvisor", a.TrustedAdvisor},
		{"PublicHealthIssues", a.PublicHealthIssues},
	} {
		if given.given {
			f.add("%s: nobody would be told; give Alerts", given.field)
		}
	}
	return errors.Join(f.problems...)
}

// isPublic is the filter key of archive rules that is either true or false.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-filter-keys.html
const isPublic = "isPublic"

func (a AccessAnalyzerArgs) check(f *findings) {
	const name = "no analyzer name: a letter, then at most 254 letters, digits, underscores, dots and hyphens"
	if a.Omit {
		if len(a.Analyzers) > 0 || a.UnusedAccess || a.UnusedAccessAge != 0 || (a.UnusedAnalyzer != Existing{}) || len(a.ArchiveRules) > 0 {
			f.add("AccessAnalyzer.Omit: the other arguments of AccessAnalyzer have no effect with it; leave it or them out")
		}
		return
	}
	checkExisting(f, "AccessAnalyzer.Analyzers", a.Analyzers, analyzerName, name)
	if !a.UnusedAccess && (a.UnusedAccessAge != 0 || a.UnusedAnalyzer != Existing{}) {
		f.add("AccessAnalyzer.UnusedAccess: UnusedAccessAge and UnusedAnalyzer have no effect without it; switch it on or leave them out")
	}
	if age := a.unusedAccessAge(); age < 1 || age > 365 {
		f.add("AccessAnalyzer.UnusedAccessAge: %d is not between 1 and 365 days", age)
	}
	if (a.UnusedAnalyzer != Existing{}) {
		a.UnusedAnalyzer.check(f, "AccessAnalyzer.UnusedAnalyzer", analyzerName, name)
	}
	var names []string
	for i, rule := range a.ArchiveRules {
		at := fmt.Sprintf("AccessAnalyzer.ArchiveRules[%d]", i)
		if !analyzerName.MatchString(rule.Name) {
			f.add("%s.Name: %q is no name of a rule: a letter, then at most 254 letters, digits, underscores, dots and hyphens", at, rule.Name)
		}
		if first := slices.Index(names, rule.Name); first >= 0 {
			f.add("%s.Name: %q is the name of AccessAnalyzer.ArchiveRules[%d] already; rename one of them", at, rule.Name, first)
		}
		names = append(names, rule.Name)
		if len(rule.Equals)+len(rule.Contains) == 0 {
			f.add("%s: without Equals or Contains it would archive every finding; name what is meant to be", at)
		}
		const key = "no filter key of archive rules, such as principal.AWS or resource"
		checkCriteria(f, at+".Equals", rule.Equals, filterKey, key, maxRuleValues)
		checkCriteria(f, at+".Contains", rule.Contains, filterKey, key, maxRuleValues)
		for _, key := range slices.Sorted(maps.Keys(rule.Contains)) {
			if _, both := rule.Equals[key]; both {
				f.add("%s.Contains[%q]: Equals has the key too; leave out one of them", at, key)
			}
		}
		if public := slices.Concat(rule.Equals[isPublic], rule.Contains[isPublic]); slices.ContainsFunc(public, func(value string) bool { return value != "true" && value != "false" }) {
			f.add("%s: %s is true or false, not %q", at, isPublic, public)
		}
	}
}

func (a SecurityHubArgs) check(f *findings) {
	if a.Omit {
		if len(a.Regions)+len(a.Standards)+len(a.DisabledControls)+len(a.Existing)+len(a.Adopt) > 0 || a.OmitAggregator || a.DisableGlobalControls {
			f.add("SecurityHub.Omit: the other arguments of SecurityHub have no effect with it; leave it or them out")
		}
		return
	}
	f.distinct("SecurityHub.Regions", a.Regions)
	f.distinct("SecurityHub.Standards", a.Standards)
	f.distinct("SecurityHub.Existing", a.Existing)
	f.distinct("SecurityHub.Adopt", a.Adopt)
	for i, standard := range a.Standards {
		f.oneOf(fmt.Sprintf("SecurityHub.Standards[%d]", i), standard, standardIDs())
	}
	for i, region := range a.Adopt {
		if slices.Contains(a.Existing, region) {
			f.add("SecurityHub.Adopt[%d]: %s is in Existing too, which stays unmanaged; leave out one of them", i, region)
		}
	}
	seen := map[string]int{}
	for i, control := range a.DisabledControls {
		at := fmt.Sprintf("SecurityHub.DisabledControls[%d]", i)
		if !controlID.MatchString(control.ID) {
			f.add("%s.ID: %q is no control, such as IAM.6", at, control.ID)
		}
		if first, twice := seen[control.ID]; twice {
			f.add("%s.ID: %q is SecurityHub.DisabledControls[%d] already; remove one of them", at, control.ID, first)
		}
		seen[control.ID] = i
		if !validReason.MatchString(control.Reason) {
			f.add("%s.Reason: say in 1 to 512 characters, without line breaks, why %s is switched off", at, control.ID)
		}
		for j, standard := range control.Standards {
			if !slices.Contains(a.standards(), standard) {
				f.add("%s.Standards[%d]: %q is not among SecurityHub.Standards", at, j, standard)
			}
		}
	}
}
