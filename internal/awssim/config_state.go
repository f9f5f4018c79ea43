package awssim

import (
	_ "embed"
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// configState is what AWS Config keeps.
type configState struct {
	Recorders    table[configRecorder]    // by Region: there is one of each
	Channels     table[configChannel]     // by Region
	Rules        table[configRule]        // by Region and name
	Remediations table[configRemediation] // by Region and name of the rule
	Packs        table[configPack]        // by Region and name
	Aggregators  table[configAggregator]  // by Region and name
	// Authorizations are by Region and ACCOUNT:REGION of the aggregator.
	Authorizations table[configAuthorization]
	Retentions     table[float64] // days, by Region
}

type configRecorder struct {
	Name, ARN, Role string
	Group, Mode     props // as the provider reports them
	Recording       bool
}

type configChannel struct {
	Name       string
	Properties props
}

type configRule struct {
	Name, ARN, ID string
	Properties    props
	CreatedBy     string // the service that owns the rule; "" for the account itself
}

type configRemediation struct {
	ARN        string
	Properties props
}

type configPack struct {
	Name, ARN, ID string
	Properties    props
	Rules         []string // names of the rules that the pack made
}

type configAggregator struct {
	Name, ARN  string
	Properties props
}

type configAuthorization struct {
	ARN        string
	Properties props
}

const (
	configService        = "config.amazonaws.com"
	configConformsLinked = "config-conforms.amazonaws.com"
	configAPI            = "https://docs.aws.amazon.com/config/latest/APIReference/API_"
	configGuide          = "https://docs.aws.amazon.com/config/latest/developerguide/"
	configLimitsDoc      = configGuide + "configlimits.html"
	configNameMax        = 256 // recorder, channel, pack and aggregator
)

var configTypes = map[string]resourceType{
	"aws:cfg/recorder:Recorder": {
		check: checkRecorder, create: createRecorder, read: readRecorder, update: updateRecorder, delete: deleteRecorder,
	},
	"aws:cfg/recorderStatus:RecorderStatus": {
		create: createRecorderStatus, read: readRecorderStatus, update: updateRecorderStatus, delete: deleteRecorderStatus,
	},
	"aws:cfg/deliveryChannel:DeliveryChannel": {
		check: checkChannel, create: createChannel, read: readChannel, update: updateChannel, delete: deleteChannel,
	},
	"aws:cfg/rule:Rule": {
		check: checkConfigRule, create: createConfigRule, read: readConfigRule, update: updateConfigRule, delete: deleteConfigRule,
	},
	"aws:cfg/remediationConfiguration:RemediationConfiguration": {
		check: checkRemediation, create: createRemediation, read: readRemediation, update: updateRemediation, delete: deleteRemediation,
	},
	"aws:cfg/conformancePack:ConformancePack": {
		check: checkPack, create: createPack, read: readPack, update: updatePack, delete: deletePack,
	},
	"aws:cfg/configurationAggregator:ConfigurationAggregator": {
		check: checkAggregator, create: createAggregator, read: readAggregator, update: updateAggregator, delete: deleteAggregator,
	},
	"aws:cfg/aggregateAuthorization:AggregateAuthorization": {
		check: checkAuthorization, create: createAuthorization, read: readAuthorization, update: updateAuthorization, delete: deleteAuthorization,
	},
	"aws:cfg/retentionConfiguration:RetentionConfiguration": {
		check: checkRetention, create: createRetention, read: readRetention, update: updateRetention, delete: deleteRetention,
	},
}

//go:embed config_types.txt
var configTypesText string

// configResourceTypes are the resource types that AWS Config records.
// https://docs.aws.amazon.com/config/latest/APIReference/API_ResourceIdentifier.html
var configResourceTypes = func() map[string]bool {
	all := map[string]bool{}
	for _, line := range strings.Fields(configTypesText) {
		all[line] = true
	}
	return all
}()

// configInvalid is a parameter that a call of AWS Config refuses.
func configInvalid(api, format string, args ...any) error {
	return refuse("InvalidParameterValueException", fmt.Sprintf(format, args...), configAPI+api+".html")
}

// configLength refuses a text that is longer than the service takes.
func configLength(in props, property string, most int, api string) error {
	if n := len([]rune(str(in, property))); n > most {
		return refuse("ValidationException", fmt.Sprintf("%s: has %d characters; at most %d are allowed", property, n, most), configAPI+api+".html")
	}
	return nil
}

// noRecorder refuses what needs a recorder in the Region that is not there.
func (c *call) noRecorder(what, api string) error {
	if c.Config.Recorders[c.Region] != nil {
		return nil
	}
	return refuse("NoAvailableConfigurationRecorderException", fmt.Sprintf("Configuration recorder is not available to put %s in %s.", what, c.Region),
		configAPI+api+".html")
}

// countIn counts what a table has in a Region.
func countIn[T any](region string, things table[T]) int {
	n := 0
	for key := range things {
		if strings.HasPrefix(key, region+"/") {
			n++
		}
	}
	return n
}

// configActor is who AWS Config is when it works for a recorder: the service itself
// with the service-linked role, which has no rights on the bucket, else the role.
// https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
func (a *Account) configActor(r *configRecorder) (policyeval.Principal, map[string][]string) {
	if role := a.roleByARN(r.Role); role != nil && role.Service == configService {
		return servicePrincipal(configService), map[string][]string{"aws:SourceAccount": {a.ID}, "aws:SecureTransport": {"true"}}
	}
	return a.rolePrincipal(r.Role), map[string][]string{"aws:SecureTransport": {"true"}}
}

// linkedRoleUse is what uses the service-linked role of a service, "" when nothing does.
// https://docs.aws.amazon.com/config/latest/developerguide/using-service-linked-roles.html
func (a *Account) linkedRoleUse(service string) string {
	role := a.IAM.Roles[linkedRoles[service].role]
	for _, region := range sortedKeys(a.Config.Recorders) {
		if r := a.Config.Recorders[region]; role != nil && r.Role == role.ARN {
			return fmt.Sprintf("configuration recorder %s in %s", r.Name, region)
		}
	}
	if packs := sortedKeys(a.Config.Packs); service == configConformsLinked && len(packs) > 0 {
		return "conformance pack " + packs[0]
	}
	return ""
}
