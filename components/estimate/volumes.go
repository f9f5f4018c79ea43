package estimate

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Volumes are what an account does in a month. All of it happens in the home Region, unless a field says otherwise; the
// other covered Regions are idle, and have the floor that Idle tells.
type Volumes struct {
	ManagementEvents      float64 // API calls that CloudTrail records as management events
	WriteShare            float64 // share of them that change something, 0 to 1
	EventKilobytes        float64 // size of a recorded event in KB, as CloudWatch Logs takes it in
	S3DataEvents          float64 // calls on S3 objects
	LambdaDataEvents      float64 // invocations of Lambda functions
	DynamoDBDataEvents    float64 // calls on items of DynamoDB tables
	NetworkActivityEvents float64 // calls through VPC endpoints
	EKSAuditEvents        float64 // audit log events of EKS clusters
	FlowLogGigabytes      float64 // VPC flow and DNS logs that GuardDuty reads, in GB
	LambdaLogGigabytes    float64 // network logs of Lambda functions, in GB
	RuntimeVirtualCPUs    float64 // vCPUs under runtime monitoring that run all month
	DatabaseVirtualCPUs   float64 // vCPUs of RDS and Aurora instances that run all month
	EBSGigabytesScanned   float64 // EBS volumes scanned for malware after a finding, in GB
	S3ObjectsScanned      float64 // new objects in buckets under malware protection
	S3GigabytesScanned    float64 // their size in GB
	Buckets               float64 // S3 buckets under Macie
	MacieGigabytes        float64 // data that Macie inspects, in GB
	Instances             float64 // EC2 instances under Inspector that run all month
	ContainerImages       float64 // images pushed to ECR under Inspector
	ConfigurationItems    float64 // changes of resources, of every type, as continuous recording counts them
	ChangesMergedByDaily  float64 // changes of one resource that fall on one day: what daily recording makes one item of; at least 1
	EvaluationsPerRule    float64 // evaluations of one change-triggered AWS Config rule
	ResourcesPerRule      float64 // resources that a periodic AWS Config rule looks at each time, such as users; rules on the account look at one
	SecurityChecks        float64 // Security Hub's checks of one standard; never below an idle Region's 6,000
	Findings              float64 // findings that Security Hub takes in from other services
	IAMIdentities         float64 // roles and users under the unused access analyzer
	ArchiveGigabytes      float64 // what the log archive grows by, in GB, without data events
	ArchiveObjects        float64 // log objects that are written to it
	KMSRequests           float64 // requests with the baseline's keys
	AthenaGigabytes       float64 // what queries scan, in GB
	Alerts                float64 // alerts that are told
	MetricHours           float64 // share of the hours in which a metric filter matches, 0 to 1
	ForwardedEvents       float64 // events that each other Region carries to the home Region
	OtherTrails           float64 // trails of management events that exist beside the declared ones
}

// Floors of a Region in which nothing happens, a month. They are estimates: 200 checks of a standard a day, and the events
// of global services that GuardDuty analyses in each Region
// (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_data-sources.html).
const (
	IdleSecurityChecks   = 6000
	IdleManagementEvents = 2000
)

// Presets are volumes to begin with, by name: an account in which hardly anything runs, a small team's, and a busy one. They
// are estimates; replace each by what Cost Explorer and CloudWatch tell of the account.
func Presets() map[string]Volumes {
	return map[string]Volumes{
		"quiet": {
			ManagementEvents: 50_000, WriteShare: 0.1, EventKilobytes: 2,
			S3DataEvents: 20_000, LambdaDataEvents: 5_000, DynamoDBDataEvents: 5_000,
			FlowLogGigabytes: 0.5, Buckets: 5, ConfigurationItems: 200, ChangesMergedByDaily: 2, EvaluationsPerRule: 5, ResourcesPerRule: 1,
			SecurityChecks: 6_000, Findings: 10, IAMIdentities: 25, ArchiveGigabytes: 0.05, ArchiveObjects: 20_000,
			KMSRequests: 10_000, AthenaGigabytes: 1, Alerts: 20, MetricHours: 0.02, ForwardedEvents: 100,
		},
		"team": {
			ManagementEvents: 500_000, WriteShare: 0.1, EventKilobytes: 2,
			S3DataEvents: 1_000_000, LambdaDataEvents: 500_000, DynamoDBDataEvents: 500_000, NetworkActivityEvents: 50_000,
			EKSAuditEvents: 100_000, FlowLogGigabytes: 10, LambdaLogGigabytes: 0.5, RuntimeVirtualCPUs: 4, DatabaseVirtualCPUs: 2,
			Buckets: 20, MacieGigabytes: 5, Instances: 2, ContainerImages: 20,
			ConfigurationItems: 2_000, ChangesMergedByDaily: 5, EvaluationsPerRule: 50, ResourcesPerRule: 5,
			SecurityChecks: 10_000, Findings: 200, IAMIdentities: 50, ArchiveGigabytes: 1, ArchiveObjects: 40_000,
			KMSRequests: 50_000, AthenaGigabytes: 10, Alerts: 100, MetricHours: 0.1, ForwardedEvents: 500,
		},
		"busy": {
			ManagementEvents: 20_000_000, WriteShare: 0.15, EventKilobytes: 2,
			S3DataEvents: 100_000_000, LambdaDataEvents: 50_000_000, DynamoDBDataEvents: 50_000_000, NetworkActivityEvents: 5_000_000,
			EKSAuditEvents: 10_000_000, FlowLogGigabytes: 600, LambdaLogGigabytes: 20, RuntimeVirtualCPUs: 100, DatabaseVirtualCPUs: 16,
			EBSGigabytesScanned: 200, Buckets: 100, MacieGigabytes: 100, Instances: 50, ContainerImages: 500,
			ConfigurationItems: 60_000, ChangesMergedByDaily: 10, EvaluationsPerRule: 1_500, ResourcesPerRule: 50,
			SecurityChecks: 60_000, Findings: 20_000, IAMIdentities: 300, ArchiveGigabytes: 50, ArchiveObjects: 400_000,
			KMSRequests: 1_000_000, AthenaGigabytes: 500, Alerts: 1_000, MetricHours: 0.6, ForwardedEvents: 10_000,
		},
	}
}

// PresetNames are the names of the presets, from the smallest volumes to the largest.
var PresetNames = []string{"quiet", "team", "busy"}

// Validate names every volume that cannot be: a negative one, a share above 1, changes merged below 1.
func (v Volumes) Validate() error {
	var problems []string
	for _, named := range v.named() {
		switch {
		case math.IsNaN(named.value) || math.IsInf(named.value, 0) || named.value < 0:
			problems = append(problems, fmt.Sprintf("field %s: %v is no quantity; give 0 or more", named.name, named.value))
		case slices.Contains([]string{"WriteShare", "MetricHours"}, named.name) && named.value > 1:
			problems = append(problems, fmt.Sprintf("field %s: %v is no share; give 0 to 1", named.name, named.value))
		case named.name == "ChangesMergedByDaily" && named.value < 1:
			problems = append(problems, fmt.Sprintf("field %s: %v is below 1; daily recording makes at least one item of a change", named.name, named.value))
		}
	}
	if len(problems) > 0 {
		return fmt.Errorf("volumes: %s", strings.Join(problems, "\n"))
	}
	return nil
}

// VolumeNames are the names of the volumes as settings spell them, such as managementEvents, in the order of the fields.
func VolumeNames() []string {
	names := []string{}
	for _, named := range (Volumes{}).named() {
		names = append(names, settingName(named.name))
	}
	return names
}

// With returns the volumes with some replaced, by the names of VolumeNames. An unknown name is an error.
func (v Volumes) With(changes map[string]float64) (Volumes, error) {
	names, fields := VolumeNames(), reflect.ValueOf(&v).Elem()
	for _, name := range slices.Sorted(maps.Keys(changes)) {
		i := slices.Index(names, name)
		if i < 0 {
			return Volumes{}, fmt.Errorf("volumes: %q is no volume; known: %s", name, strings.Join(names, ", "))
		}
		fields.Field(i).SetFloat(changes[name])
	}
	return v, nil
}

// settingName begins the name of a field in lower case: S3DataEvents is s3DataEvents, KMSRequests is kmsRequests.
func settingName(field string) string {
	initials := 0
	for initials < len(field) && !unicode.IsLower(rune(field[initials])) {
		initials++
	}
	if initials > 1 && unicode.IsUpper(rune(field[initials-1])) {
		initials-- // the capital that begins the next word
	}
	return strings.ToLower(field[:initials]) + field[initials:]
}

type namedVolume struct {
	name  string
	value float64
}

// named are the volumes by the names of their fields, in order.
func (v Volumes) named() []namedVolume {
	fields := reflect.ValueOf(v)
	all := make([]namedVolume, fields.NumField())
	for i := range all {
		all[i] = namedVolume{fields.Type().Field(i).Name, fields.Field(i).Float()}
	}
	return all
}
