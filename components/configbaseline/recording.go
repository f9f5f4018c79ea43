package configbaseline

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/cfg"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// How often a resource type is recorded.
const (
	// Continuous records every change, at $0.003 each.
	Continuous = "CONTINUOUS"
	// Daily records once a day what has changed since the day before, at $0.012 for each resource that did.
	Daily = "DAILY"
)

// RecordingArgs say what is recorded, and how often.
type RecordingArgs struct {
	// Frequency is Continuous, at every change, or Daily, once a day what has changed. Default: Continuous.
	Frequency string
	// Overrides give resource types a frequency of their own. Those of types that are not recorded have no effect.
	// Default: none.
	Overrides []RecordingOverride
	// ResourceTypes are the only ones recorded. Default: all that AWS Config supports, later ones included.
	ResourceTypes []string
	// ExcludedResourceTypes are not recorded. Together with ResourceTypes it is an error. Default: none.
	ExcludedResourceTypes []string
}

// RecordingOverride is a frequency of its own for some resource types.
type RecordingOverride struct {
	ResourceTypes []string // at least one. Required.
	Frequency     string   // Continuous or Daily. Required.
}

var (
	// globalIAMTypes exist once per account, and every recorder that is not told otherwise records, and bills, them again.
	globalIAMTypes = []string{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"}

	// onceTypes are recorded in the home Region only. Aurora global clusters are recorded everywhere unless they are
	// excluded: https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html
	onceTypes = append(slices.Clone(globalIAMTypes), "AWS::RDS::GlobalCluster")

	// globalRegionTypes are recorded in the Region of the global services only, us-east-1 in the partition aws:
	// https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html#select-resources-all
	globalRegionTypes = []string{"AWS::CloudFront::Distribution", "AWS::CloudFront::StreamingDistribution"}

	// regionsWithoutIAM are those that AWS Config came to after February 2022, where IAM cannot be recorded. The page lists
	// the first seven; the others were opened later still:
	// https://docs.aws.amazon.com/config/latest/APIReference/API_ExclusionByResourceTypes.html
	regionsWithoutIAM = []string{
		"ap-south-2", "ap-southeast-4", "ca-west-1", "eu-central-2", "eu-south-2", "il-central-1", "me-central-1",
		"ap-east-2", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "me-west-1", "mx-central-1", "sa-west-1",
	}

	// neverDaily are refused: https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingModeOverride.html
	neverDaily = []string{
		"AWS::Config::ConfigurationRecorder", "AWS::Config::ConformancePackCompliance", "AWS::Config::ResourceCompliance",
	}

	frequencies  = []string{Continuous, Daily}
	resourceType = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*::[A-Z][A-Za-z0-9]*::[A-Z][A-Za-z0-9]*$`)
)

// frequency is that of types without an override.
func (r RecordingArgs) frequency() string {
	if r.Frequency == "" {
		return Continuous
	}
	return r.Frequency
}

// overridden are the types whose frequency differs from that of the others, sorted; there are two frequencies, so that one
// override says it all, which is as many as a recorder takes.
func (r RecordingArgs) overridden() (types []string, frequency string) {
	frequency = Continuous
	if r.frequency() == Continuous {
		frequency = Daily
	}
	for _, override := range r.Overrides {
		if override.Frequency == frequency {
			types = append(types, override.ResourceTypes...)
		}
	}
	slices.Sort(types)
	return slices.Compact(types), frequency
}

func (r RecordingArgs) problems() []error {
	var problems []error
	add := func(format string, values ...any) { problems = append(problems, fmt.Errorf(format, values...)) }
	if !slices.Contains(frequencies, r.frequency()) {
		add("Recording.Frequency: %q is neither %s nor %s", r.Frequency, Continuous, Daily)
	}
	if len(r.ResourceTypes) > 0 && len(r.ExcludedResourceTypes) > 0 {
		add("Recording.ExcludedResourceTypes: has no effect beside ResourceTypes, which names all that is recorded; leave out one of them")
	}
	problems = append(problems, typeProblems("Recording.ResourceTypes", r.ResourceTypes)...)
	problems = append(problems, typeProblems("Recording.ExcludedResourceTypes", r.ExcludedResourceTypes)...)
	given := map[string]string{}
	for i, override := range r.Overrides {
		field := fmt.Sprintf("Recording.Overrides[%d]", i)
		if !slices.Contains(frequencies, override.Frequency) {
			add("%s.Frequency: %q is neither %s nor %s", field, override.Frequency, Continuous, Daily)
		}
		if len(override.ResourceTypes) == 0 {
			add("%s.ResourceTypes: no resource type is named, so that it overrides nothing; leave it out", field)
		}
		problems = append(problems, typeProblems(field+".ResourceTypes", override.ResourceTypes)...)
		for j, name := range override.ResourceTypes {
			if before, twice := given[name]; twice && before != override.Frequency {
				add("%s.ResourceTypes[%d]: %s is %s in an override before it; leave it out of one of them", field, j, name, before)
			}
			given[name] = override.Frequency
			if override.Frequency == Daily && slices.Contains(neverDaily, name) {
				add("%s.ResourceTypes[%d]: AWS Config does not record %s daily; leave it out", field, j, name)
			}
		}
	}
	if r.frequency() == Daily {
		for i, name := range r.ResourceTypes {
			if slices.Contains(neverDaily, name) && given[name] != Continuous {
				add("Recording.ResourceTypes[%d]: AWS Config does not record %s daily; leave it out, or give it an override with %s", i, name, Continuous)
			}
		}
	}
	return problems
}

// typeProblems are those of a list of resource types.
func typeProblems(field string, types []string) (problems []error) {
	seen := map[string]int{}
	for i, name := range types {
		if !resourceType.MatchString(name) {
			problems = append(problems, fmt.Errorf("%s[%d]: %q is no resource type such as AWS::S3::Bucket", field, i, name))
			continue
		}
		if first, twice := seen[name]; twice {
			problems = append(problems, fmt.Errorf("%s[%d]: %s is %s[%d] already; remove one of them", field, i, name, field, first))
			continue
		}
		seen[name] = i
	}
	return problems
}

// recordingPlan says what is recorded in which Region.
type recordingPlan struct {
	home, global string
	covered      []string // sorted, home among them
	unmanaged    []string // Regions whose recorder exists and is not ours
	recording    RecordingArgs
}

// regions are the Regions with a recorder, sorted: all that are covered, unless only types of the home Region are recorded.
func (p recordingPlan) regions() []string {
	return slices.DeleteFunc(slices.Clone(p.covered), func(region string) bool {
		included := p.recording.ResourceTypes
		return len(included) > 0 && !slices.Contains(p.unmanaged, region) &&
			!slices.ContainsFunc(included, func(name string) bool { return p.records(region, name) })
	})
}

// records says whether resources of the type are recorded in the Region. What a recorder that is not ours records is not
// known; it is taken to record what it can.
func (p recordingPlan) records(region, name string) bool {
	if !slices.Contains(p.covered, region) {
		return false
	}
	if slices.Contains(globalIAMTypes, name) && slices.Contains(regionsWithoutIAM, region) {
		return false
	}
	if slices.Contains(globalRegionTypes, name) && region != p.global {
		return false
	}
	if slices.Contains(p.unmanaged, region) {
		return true
	}
	if slices.Contains(onceTypes, name) && region != p.home {
		return false
	}
	if len(p.recording.ResourceTypes) > 0 {
		return slices.Contains(p.recording.ResourceTypes, name)
	}
	return !slices.Contains(p.recording.ExcludedResourceTypes, name)
}

// recordsAnywhere says whether resources of the type are recorded in some Region.
func (p recordingPlan) recordsAnywhere(name string) bool {
	return slices.ContainsFunc(p.covered, func(region string) bool { return p.records(region, name) })
}

// problems are what the Regions cannot record.
func (p recordingPlan) problems() (problems []error) {
	for i, name := range p.recording.ResourceTypes {
		if slices.Contains(globalRegionTypes, name) && !p.recordsAnywhere(name) {
			problems = append(problems, fmt.Errorf("Recording.ResourceTypes[%d]: %s is recorded in %s only, which is not covered; cover it, or leave the type out", i, name, p.global))
		}
	}
	if err := p.homeProblem(); err != nil {
		problems = append(problems, err)
	}
	return problems
}

// homeProblem is that the home Region cannot record IAM.
func (p recordingPlan) homeProblem() error {
	if !slices.Contains(regionsWithoutIAM, p.home) || slices.Contains(p.unmanaged, p.home) {
		return nil
	}
	wanted := slices.DeleteFunc(slices.Clone(globalIAMTypes), func(name string) bool {
		if len(p.recording.ResourceTypes) > 0 {
			return !slices.Contains(p.recording.ResourceTypes, name)
		}
		return slices.Contains(p.recording.ExcludedResourceTypes, name)
	})
	if len(wanted) == 0 {
		return nil
	}
	remedy := "name them in ExcludedResourceTypes"
	if len(p.recording.ResourceTypes) > 0 {
		remedy = "leave them out of ResourceTypes"
	}
	return fmt.Errorf("%s: AWS Config cannot record %s in %s, a Region that it came to after February 2022; make another Region the home Region, or %s",
		"Recording", strings.Join(wanted, ", "), p.home, remedy)
}

// group is what the recorder of a Region records. Outside the home Region the types that exist once per account are
// excluded by name: includeGlobalResourceTypes knows IAM only, and not with this strategy
// (https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html).
func (p recordingPlan) group(region string) *cfg.RecorderRecordingGroupArgs {
	excluded := slices.Clone(p.recording.ExcludedResourceTypes)
	if region != p.home {
		excluded = append(excluded, onceTypes...)
	}
	slices.Sort(excluded)
	excluded = slices.Compact(excluded)
	switch {
	case len(p.recording.ResourceTypes) > 0:
		return &cfg.RecorderRecordingGroupArgs{
			AllSupported:               pulumi.Bool(false),
			IncludeGlobalResourceTypes: pulumi.Bool(false),
			RecordingStrategies:        strategy("INCLUSION_BY_RESOURCE_TYPES"),
			ResourceTypes:              pulumi.ToStringArray(p.included(region)),
		}
	case len(excluded) > 0:
		return &cfg.RecorderRecordingGroupArgs{
			AllSupported:               pulumi.Bool(false),
			IncludeGlobalResourceTypes: pulumi.Bool(false),
			RecordingStrategies:        strategy("EXCLUSION_BY_RESOURCE_TYPES"),
			ExclusionByResourceTypes: cfg.RecorderRecordingGroupExclusionByResourceTypeArray{
				cfg.RecorderRecordingGroupExclusionByResourceTypeArgs{ResourceTypes: pulumi.ToStringArray(excluded)},
			},
		}
	default:
		return &cfg.RecorderRecordingGroupArgs{
			AllSupported:               pulumi.Bool(true),
			IncludeGlobalResourceTypes: pulumi.Bool(true),
			RecordingStrategies:        strategy("ALL_SUPPORTED_RESOURCE_TYPES"),
		}
	}
}

func strategy(useOnly string) cfg.RecorderRecordingGroupRecordingStrategyArray {
	return cfg.RecorderRecordingGroupRecordingStrategyArray{
		cfg.RecorderRecordingGroupRecordingStrategyArgs{UseOnly: pulumi.String(useOnly)},
	}
}

// included are the listed types that are recorded in the Region, sorted.
func (p recordingPlan) included(region string) []string {
	return slices.Sorted(func(yield func(string) bool) {
		for _, name := range p.recording.ResourceTypes {
			if p.records(region, name) && !yield(name) {
				return
			}
		}
	})
}

// mode is how often the recorder of a Region records.
func (p recordingPlan) mode(region string) *cfg.RecorderRecordingModeArgs {
	mode := &cfg.RecorderRecordingModeArgs{RecordingFrequency: pulumi.String(p.recording.frequency())}
	types, frequency := p.recording.overridden()
	types = slices.DeleteFunc(types, func(name string) bool { return !p.records(region, name) })
	if len(types) > 0 {
		mode.RecordingModeOverride = cfg.RecorderRecordingModeRecordingModeOverrideArgs{
			Description:        pulumi.String("Resource types with a frequency of their own"),
			RecordingFrequency: pulumi.String(frequency),
			ResourceTypes:      pulumi.ToStringArray(types),
		}
	}
	return mode
}

// planFor checks that the arguments fit the Regions.
func (a *ConfigBaselineArgs) planFor(home, global string, covered []string) (recordingPlan, error) {
	plan := recordingPlan{home: home, global: global, covered: slices.Sorted(slices.Values(covered)), recording: a.Recording}
	for region, recorder := range a.Recorders {
		if recorder.Existing != "" {
			plan.unmanaged = append(plan.unmanaged, region)
		}
	}
	var problems []error
	if !slices.Contains(plan.covered, home) {
		problems = append(problems, fmt.Errorf("%s: the home Region %s is not covered", "Regions", home))
	}
	problems = append(problems, plan.problems()...)
	problems = append(problems, existingOutside("Recorders", a.Recorders, plan.covered)...)
	problems = append(problems, existingOutside("DeliveryChannels", a.DeliveryChannels, plan.covered)...)
	for i, name := range a.ChangeAlerts {
		if resourceType.MatchString(name) && !plan.recordsAnywhere(name) {
			problems = append(problems, fmt.Errorf("ChangeAlerts[%d]: %s is recorded in none of the Regions %s, so that nobody would ever be told; record it, or leave it out",
				i, name, strings.Join(plan.covered, ", ")))
		}
	}
	problems = append(problems, a.rulesProblems(plan)...)
	return plan, errors.Join(problems...)
}
