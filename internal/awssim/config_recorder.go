package awssim

import (
	"fmt"
	"slices"
	"strings"
)

const (
	putRecorderAPI    = "PutConfigurationRecorder"
	recordAll         = "ALL_SUPPORTED_RESOURCE_TYPES"
	recordIncluded    = "INCLUSION_BY_RESOURCE_TYPES"
	recordExcluding   = "EXCLUSION_BY_RESOURCE_TYPES"
	recordContinuous  = "CONTINUOUS"
	recordDaily       = "DAILY"
	recordingGroupDoc = configAPI + "RecordingGroup.html"
	recordingModeDoc  = configAPI + "RecordingMode.html"
)

// globalIAMTypes are the global resource types that one switch includes.
var globalIAMTypes = []string{"AWS::IAM::Group", "AWS::IAM::Policy", "AWS::IAM::Role", "AWS::IAM::User"}

// withoutIAMTypes are the Regions that AWS Config came to after February 2022: the IAM
// types cannot be recorded there.
// https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html#select-resources-all
var withoutIAMTypes = []string{
	"ap-east-2", "ap-south-2", "ap-southeast-4", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2",
	"eu-south-2", "il-central-1", "me-central-1", "mx-central-1",
}

// continuousTypes cannot be recorded daily.
// https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingMode.html
var continuousTypes = []string{
	"AWS::Config::ConfigurationRecorder", "AWS::Config::ConformancePackCompliance", "AWS::Config::ResourceCompliance",
}

// recordingGroup is what a recorder records.
type recordingGroup struct {
	strategy string
	types    []string // included or excluded
}

func invalidGroup(format string, args ...any) error {
	return refuse("InvalidRecordingGroupException", "The recording group provided is not valid: "+fmt.Sprintf(format, args...), recordingGroupDoc)
}

func checkRecorder(c *call, in props) error {
	name := str(in, "name")
	if strings.HasPrefix(name, "AWSConfigurationRecorderFor") || len([]rune(name)) > configNameMax {
		return refuse("InvalidConfigurationRecorderNameException", fmt.Sprintf("The configuration recorder name %q is not valid: at most %d characters, "+
			"and the prefix AWSConfigurationRecorderFor is reserved for service-linked recorders", name, configNameMax), configAPI+putRecorderAPI+".html")
	}
	if role := str(in, "roleArn"); role != "" {
		if _, ok := splitARN(role); !ok {
			return fmt.Errorf("roleArn: %q is an invalid ARN", role)
		}
	}
	group := recordingGroup{strategy: recordAll}
	if hasUnknown(in["recordingGroup"]) {
		return nil
	}
	if present(in, "recordingGroup") {
		var err error
		if group, err = checkGroup(c.Region, object(in, "recordingGroup")); err != nil {
			return err
		}
	}
	if hasUnknown(in["recordingMode"]) {
		return nil
	}
	return checkMode(group, object(in, "recordingMode"))
}

// checkGroup refuses combinations that make no recording group.
func checkGroup(region string, in props) (recordingGroup, error) {
	all, global := flag(in, "allSupported", true), flag(in, "includeGlobalResourceTypes", false)
	included := strs(in, "resourceTypes")
	var use string
	var excluded []string
	for i, s := range objects(in, "recordingStrategies") {
		if i > 0 {
			return recordingGroup{}, invalidGroup("one recording strategy is allowed")
		}
		if err := oneOf(s, "useOnly", "ValidationException", configAPI+"RecordingStrategy.html", recordAll, recordIncluded, recordExcluding); err != nil {
			return recordingGroup{}, err
		}
		use = str(s, "useOnly")
	}
	for i, e := range objects(in, "exclusionByResourceTypes") {
		if i > 0 {
			return recordingGroup{}, invalidGroup("exclusionByResourceTypes can be given once")
		}
		excluded = strs(e, "resourceTypes")
	}
	if err := knownTypes("recordingGroup", append(slices.Clone(included), excluded...)); err != nil {
		return recordingGroup{}, err
	}
	group := recordingGroup{use, included}
	switch {
	case all && (use == recordIncluded || use == recordExcluding):
		return group, invalidGroup("allSupported has to be false with the strategy %s", use)
	case all && len(included) > 0:
		return group, invalidGroup("allSupported has to be false where resourceTypes are listed")
	case use != recordExcluding && len(excluded) > 0:
		return group, invalidGroup("exclusionByResourceTypes needs the strategy %s", recordExcluding)
	case global && !all:
		return group, invalidGroup("includeGlobalResourceTypes needs allSupported")
	case all:
		group.strategy = recordAll
	case use == recordAll:
		return group, invalidGroup("the strategy %s needs allSupported", recordAll)
	case use == recordExcluding && len(excluded) == 0:
		return group, invalidGroup("the strategy %s needs types in exclusionByResourceTypes", recordExcluding)
	case use == recordExcluding:
		group.types = excluded
	case len(included) == 0:
		return group, invalidGroup("neither allSupported nor resourceTypes: nothing would be recorded")
	default:
		group.strategy = recordIncluded
	}
	return group, checkGlobal(region, group, global)
}

func checkGlobal(region string, group recordingGroup, global bool) error {
	if !slices.Contains(withoutIAMTypes, region) {
		return nil
	}
	if global {
		return invalidGroup("includeGlobalResourceTypes: %s is a Region without recording of IAM types", region)
	}
	if group.strategy != recordIncluded {
		return nil
	}
	for _, t := range group.types {
		if slices.Contains(globalIAMTypes, t) {
			return invalidGroup("resourceTypes: %s cannot be recorded in %s", t, region)
		}
	}
	return nil
}

func knownTypes(where string, types []string) error {
	for _, t := range types {
		if !configResourceTypes[t] {
			return refuse("ValidationException", fmt.Sprintf("%s: %q is not a resource type that AWS Config supports", where, t),
				configGuide+"resource-config-reference.html")
		}
	}
	return nil
}

// checkMode refuses frequencies that the recorded types do not have.
func checkMode(group recordingGroup, in props) error {
	if err := oneOf(in, "recordingFrequency", "ValidationException", recordingModeDoc, recordContinuous, recordDaily); err != nil {
		return err
	}
	override := object(in, "recordingModeOverride")
	overridden := strs(override, "resourceTypes")
	const overrideDoc = configAPI + "RecordingModeOverride.html"
	if err := oneOf(override, "recordingFrequency", "ValidationException", overrideDoc, recordContinuous, recordDaily); err != nil {
		return err
	}
	if err := configLength(override, "description", 256, "RecordingModeOverride"); err != nil {
		return err
	}
	if err := knownTypes("recordingModeOverride", overridden); err != nil {
		return err
	}
	for _, t := range overridden {
		listed := slices.Contains(group.types, t)
		if group.strategy == recordIncluded && !listed || group.strategy == recordExcluding && listed {
			return invalidGroup("recordingModeOverride names %s, which is not recorded", t)
		}
	}
	daily := func(t string) bool {
		if slices.Contains(overridden, t) {
			return str(override, "recordingFrequency") == recordDaily
		}
		// With the other strategies AWS Config records these types continuously by itself.
		return group.strategy == recordIncluded && slices.Contains(group.types, t) && str(in, "recordingFrequency") == recordDaily
	}
	for _, t := range continuousTypes {
		if daily(t) {
			return refuse("ValidationException", "Daily recording cannot be specified for "+t, recordingModeDoc)
		}
	}
	return nil
}

func (c *call) recorderARN() string {
	if r := c.Config.Recorders[c.Region]; r != nil {
		return r.ARN
	}
	return c.arn("config", c.Region, c.ID, "configuration-recorder/*")
}

// putRecorder makes or changes the recorder of the Region.
func (c *call) putRecorder(in props) (props, error) {
	const doc = configAPI + putRecorderAPI + ".html"
	if err := c.may("config:PutConfigurationRecorder", c.recorderARN()); err != nil {
		return nil, err
	}
	name, role := str(in, "name"), str(in, "roleArn")
	if err := c.recorderRole(role); err != nil {
		return nil, err
	}
	r := c.Config.Recorders[c.Region]
	if r != nil && r.Name != name {
		return nil, refuse("MaxNumberOfConfigurationRecordersExceededException", fmt.Sprintf("Failed to put configuration recorder '%s' because the maximum "+
			"number of configuration recorders: 1 is reached: %s has '%s'.", name, c.Region, r.Name), doc)
	}
	if r == nil {
		r = &configRecorder{Name: name, ARN: c.arn("config", c.Region, c.ID, "configuration-recorder/"+name+"/"+c.hexID(16))}
		c.Config.Recorders.put(c.Region, r)
	}
	r.Role, r.Group, r.Mode = role, groupProps(in), modeProps(in)
	return r.props(), nil
}

// recorderRole demands a role that the caller may pass and that AWS Config may assume.
func (c *call) recorderRole(arn string) error {
	bad := func(reason string) error {
		return refuse("InvalidRoleException", fmt.Sprintf("roleArn %s: %s", arn, reason), configGuide+"iamrole-permissions.html")
	}
	if c.roleByARN(arn) == nil {
		return bad("there is no such role in this account")
	}
	if err := c.passRole(arn, configService); err != nil {
		return err
	}
	_, ctx := c.configActor(&configRecorder{Role: arn})
	ctx["aws:SourceAccount"] = []string{c.ID}
	if err := c.trusts(arn, servicePrincipal(configService), ctx); err != nil {
		return bad(err.Error())
	}
	return nil
}

// groupProps are the recording group as AWS reports it, strategy included.
func groupProps(in props) props {
	given := object(in, "recordingGroup")
	group := props{"allSupported": flag(given, "allSupported", true), "includeGlobalResourceTypes": flag(given, "includeGlobalResourceTypes", false)}
	for _, property := range []string{"resourceTypes", "exclusionByResourceTypes"} {
		if !blank(given[property]) {
			group[property] = given[property]
		}
	}
	group["recordingStrategies"] = given["recordingStrategies"]
	if blank(given["recordingStrategies"]) {
		use := recordAll
		if !flag(given, "allSupported", true) {
			use = recordIncluded
		}
		group["recordingStrategies"] = []any{props{"useOnly": use}}
	}
	return group
}

func modeProps(in props) props {
	given := object(in, "recordingMode")
	mode := props{"recordingFrequency": strOr(given, "recordingFrequency", recordContinuous)}
	if present(given, "recordingModeOverride") {
		mode["recordingModeOverride"] = given["recordingModeOverride"]
	}
	return mode
}

func (r *configRecorder) props() props {
	return props{"name": r.Name, "roleArn": r.Role, "recordingGroup": r.Group, "recordingMode": r.Mode}
}

func createRecorder(c *call, in props) (string, props, error) {
	out, err := c.putRecorder(in)
	return str(in, "name"), out, err
}

func (c *call) recorder(name, api string) (*configRecorder, error) {
	if r := c.Config.Recorders[c.Region]; r != nil && r.Name == name {
		return r, nil
	}
	return nil, refuse("NoSuchConfigurationRecorderException", fmt.Sprintf("Cannot find configuration recorder with the specified name '%s' in %s.", name, c.Region),
		configAPI+api+".html")
}

func readRecorder(c *call, id string, _ props) (props, error) {
	r, err := c.recorder(id, "DescribeConfigurationRecorders")
	if err != nil {
		return nil, errNotFound
	}
	return r.props(), c.may("config:DescribeConfigurationRecorders", "*")
}

func updateRecorder(c *call, id string, _, in props) (props, error) {
	if _, err := c.recorder(id, putRecorderAPI); err != nil {
		return nil, err
	}
	return c.putRecorder(in)
}

// deleteRecorder deletes a recorder whether it runs or not; channel and rules stay.
func deleteRecorder(c *call, id string, _ props) error {
	r, err := c.recorder(id, "DeleteConfigurationRecorder")
	if err != nil {
		return errNotFound
	}
	if err := c.may("config:DeleteConfigurationRecorder", r.ARN); err != nil {
		return err
	}
	delete(c.Config.Recorders, c.Region)
	return nil
}

// setRecording starts or stops a recorder.
func (c *call) setRecording(in props) (props, error) {
	api := "StartConfigurationRecorder"
	on := flag(in, "isEnabled", false)
	if !on {
		api = "StopConfigurationRecorder"
	}
	r, err := c.recorder(str(in, "name"), api)
	if err != nil {
		return nil, err
	}
	if err := c.may("config:"+api, r.ARN); err != nil {
		return nil, err
	}
	if on && c.Config.Channels[c.Region] == nil {
		return nil, refuse("NoAvailableDeliveryChannelException", "Delivery channel is not available to start configuration recorder in "+c.Region+".",
			configAPI+api+".html")
	}
	r.Recording = on
	return props{"name": r.Name, "isEnabled": on}, nil
}

func createRecorderStatus(c *call, in props) (string, props, error) {
	out, err := c.setRecording(in)
	return str(in, "name"), out, err
}

func readRecorderStatus(c *call, id string, _ props) (props, error) {
	r, err := c.recorder(id, "DescribeConfigurationRecorderStatus")
	if err != nil {
		return nil, errNotFound
	}
	return props{"name": r.Name, "isEnabled": r.Recording}, c.may("config:DescribeConfigurationRecorderStatus", "*")
}

func updateRecorderStatus(c *call, _ string, _, in props) (props, error) { return c.setRecording(in) }

// deleteRecorderStatus stops the recorder: that is how the provider deletes a status.
func deleteRecorderStatus(c *call, id string, _ props) error {
	_, err := c.setRecording(props{"name": id, "isEnabled": false})
	if refusedAs(err, "NoSuchConfigurationRecorderException") {
		return errNotFound
	}
	return err
}
