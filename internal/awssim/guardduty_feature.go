package awssim

import (
	"fmt"
	"slices"
)

// guarddutyFeature is a protection plan of a detector.
type guarddutyFeature struct {
	Status     string            // ENABLED or DISABLED
	Additional map[string]string // status of the additional configurations
}

const (
	runtimeMonitoring    = "RUNTIME_MONITORING"
	eksRuntimeMonitoring = "EKS_RUNTIME_MONITORING"
	malwareService       = "malware-protection.guardduty.amazonaws.com"
	featureAPI           = guarddutyAPI + "DetectorFeatureConfiguration.html"
	featureRegionsDoc    = guarddutyGuide + "guardduty_regions.html"
)

// guarddutyFeatures are the protection plans, in the order in which GuardDuty reports
// them.
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-features-activation-model.html
var guarddutyFeatures = []struct {
	name       string
	off        bool     // a new detector has it disabled
	additional []string // in the order in which GuardDuty reports them
	absent     []string // Regions that do not have it
	source     string   // the page that says so
}{
	{name: "S3_DATA_EVENTS"},
	{name: "EKS_AUDIT_LOGS"},
	{name: "EBS_MALWARE_PROTECTION"},
	{name: "RDS_LOGIN_EVENTS", absent: []string{"ap-east-2"}, source: featureRegionsDoc},
	{name: "LAMBDA_NETWORK_LOGS"},
	{
		name: eksRuntimeMonitoring, off: true, additional: []string{"EKS_ADDON_MANAGEMENT"},
		absent: chinaRegions, source: chinaGuardDutyDoc,
	},
	{
		name: runtimeMonitoring, off: true, additional: []string{"EKS_ADDON_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EC2_AGENT_MANAGEMENT"},
		absent: chinaRegions, source: chinaGuardDutyDoc,
	},
}

const chinaGuardDutyDoc = "https://docs.amazonaws.cn/en_us/aws/latest/userguide/guardduty.html"

var chinaRegions = []string{"cn-north-1", "cn-northwest-1"}

func featureNames() []string {
	var names []string
	for _, f := range guarddutyFeatures {
		names = append(names, f.name)
	}
	return names
}

// additionalOf are the additional configurations that a feature has.
func additionalOf(feature string) []string {
	for _, f := range guarddutyFeatures {
		if f.name == feature {
			return f.additional
		}
	}
	return nil
}

// defaultFeatures are the features of a new detector.
func defaultFeatures(region string) map[string]*guarddutyFeature {
	features := map[string]*guarddutyFeature{}
	for _, f := range guarddutyFeatures {
		if slices.Contains(f.absent, region) {
			continue
		}
		feature := &guarddutyFeature{Status: statusEnabled, Additional: map[string]string{}}
		if f.off {
			feature.Status = statusDisabled
		}
		for _, name := range f.additional {
			feature.Additional[name] = statusDisabled
		}
		features[f.name] = feature
	}
	return features
}

func checkFeature(_ *call, in props) error {
	statuses := []string{statusEnabled, statusDisabled}
	if err := oneOf(in, "name", "BadRequestException", featureAPI, featureNames()...); err != nil {
		return err
	}
	if err := oneOf(in, "status", "BadRequestException", featureAPI, statuses...); err != nil {
		return err
	}
	seen := map[string]bool{}
	for _, more := range objects(in, "additionalConfigurations") {
		const doc = guarddutyAPI + "DetectorAdditionalConfiguration.html"
		if err := oneOf(more, "name", "BadRequestException", doc, additionalOf(runtimeMonitoring)...); err != nil {
			return err
		}
		if err := oneOf(more, "status", "BadRequestException", doc, statuses...); err != nil {
			return err
		}
		name, feature := str(more, "name"), str(in, "name")
		if name != "" && feature != "" && !slices.Contains(additionalOf(feature), name) {
			return guarddutyRejects("DetectorFeatureConfiguration", "%s is no additional configuration of %s.", name, feature)
		}
		if name != "" && seen[name] {
			return guarddutyRejects("DetectorFeatureConfiguration", "the additional configuration %s is given twice.", name)
		}
		seen[name] = true
	}
	return nil
}

// putFeature configures a feature. What the program does not name stays as it is.
func (c *call) putFeature(in props) (props, error) {
	d, err := c.detector(str(in, "detectorId"), "UpdateDetector")
	if err != nil {
		return nil, err
	}
	if err := c.may("guardduty:UpdateDetector", d.ARN); err != nil {
		return nil, err
	}
	name, status := str(in, "name"), str(in, "status")
	feature := d.Features[name]
	if feature == nil {
		return nil, featureMissing(name, c.Region)
	}
	other := map[string]string{runtimeMonitoring: eksRuntimeMonitoring, eksRuntimeMonitoring: runtimeMonitoring}[name]
	if o := d.Features[other]; o != nil && o.Status == statusEnabled && status == statusEnabled {
		return nil, guarddutyRejects("UpdateDetector", "only one of %s and %s can be enabled: detector %s in %s has %s.",
			runtimeMonitoring, eksRuntimeMonitoring, d.ID, c.Region, other)
	}
	feature.Status = status
	for _, more := range objects(in, "additionalConfigurations") {
		feature.Additional[str(more, "name")] = str(more, "status")
	}
	return feature.props(d, name, in), nil
}

// featureMissing names the page that says that the Region lacks the feature.
func featureMissing(name, region string) error {
	for _, f := range guarddutyFeatures {
		if f.name == name {
			return refuse("BadRequestException", fmt.Sprintf("The request is rejected because the feature %s is not supported in %s.", name, region), f.source)
		}
	}
	return guarddutyRejects("UpdateDetector", "%s is no feature.", name)
}

// props are the feature as GuardDuty reports it: all its additional configurations,
// those that the program named first, whatever it named.
func (f *guarddutyFeature) props(d *guarddutyDetector, name string, state props) props {
	var order []string
	for _, more := range objects(state, "additionalConfigurations") {
		order = append(order, str(more, "name"))
	}
	for _, more := range additionalOf(name) {
		if !slices.Contains(order, more) {
			order = append(order, more)
		}
	}
	var additional []any
	for _, more := range order {
		additional = append(additional, props{"name": more, "status": f.Additional[more]})
	}
	return props{"detectorId": d.ID, "name": name, "status": f.Status, "additionalConfigurations": additional}
}

func createFeature(c *call, in props) (string, props, error) {
	out, err := c.putFeature(in)
	return str(in, "detectorId") + "/" + str(in, "name"), out, err
}

func readFeature(c *call, id string, state props) (props, error) {
	d, name := c.ofDetector(id, "/")
	if d == nil || d.Features[name] == nil {
		return nil, errNotFound
	}
	return d.Features[name].props(d, name, state), c.may("guardduty:GetDetector", d.ARN)
}

func updateFeature(c *call, _ string, _, in props) (props, error) { return c.putFeature(in) }

// deleteFeature changes nothing: the provider forgets the feature, the detector keeps
// it as it is.
func deleteFeature(*call, string, props) error { return nil }

// datasourceFeatures are the features that the older property of a detector, datasources,
// speaks of, each with the path of its switch.
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty-feature-object-api-changes-march2023.html
var datasourceFeatures = map[string][]string{
	"S3_DATA_EVENTS":         {"s3Logs", "enable"},
	"EKS_AUDIT_LOGS":         {"kubernetes", "auditLogs", "enable"},
	"EBS_MALWARE_PROTECTION": {"malwareProtection", "scanEc2InstanceWithFindings", "ebsVolumes", "enable"},
}

func (d *guarddutyDetector) setDatasources(sources props) {
	for feature, path := range datasourceFeatures {
		at := sources
		for _, step := range path[:len(path)-1] {
			at = object(at, step)
		}
		on, given := at[path[len(path)-1]].(bool)
		if f := d.Features[feature]; f != nil && given {
			f.Status = statusDisabled
			if on {
				f.Status = statusEnabled
			}
		}
	}
}

func (d *guarddutyDetector) datasources() props {
	sources := props{}
	for feature, path := range datasourceFeatures {
		at := sources
		for _, step := range path[:len(path)-1] {
			next := props{}
			at[step], at = next, next
		}
		f := d.Features[feature]
		at[path[len(path)-1]] = f != nil && f.Status == statusEnabled
	}
	return sources
}
