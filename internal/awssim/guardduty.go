package awssim

import (
	"cmp"
	"fmt"
	"strings"
)

// guarddutyState is what Amazon GuardDuty keeps.
type guarddutyState struct {
	Detectors table[guarddutyDetector] // by Region: there is one of each
	// MalwarePlans are the S3 malware protection plans, by Region and id. They need no detector.
	MalwarePlans table[guarddutyMalwarePlan]
}

// guarddutyDetector is GuardDuty in one Region, with everything that goes when it goes.
type guarddutyDetector struct {
	ID, ARN      string
	Enabled      bool // false: suspended
	Frequency    string
	Tags         map[string]string
	Features     map[string]*guarddutyFeature // by name; what the Region lacks is absent
	Filters      table[guarddutyFilter]       // by name
	IPSets       table[guarddutyList]         // by id
	ThreatLists  table[guarddutyList]         // by id
	Destinations table[guarddutyDestination]  // by id
}

const (
	guarddutyService = "guardduty.amazonaws.com"
	guarddutyAPI     = "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_"
	guarddutyGuide   = "https://docs.aws.amazon.com/guardduty/latest/ug/"
	guarddutyQuotas  = guarddutyGuide + "guardduty_limits.html"
	statusEnabled    = "ENABLED"
	statusDisabled   = "DISABLED"
)

// findingFrequencies are how often GuardDuty and Macie publish findings that recur.
var findingFrequencies = []string{"FIFTEEN_MINUTES", "ONE_HOUR", "SIX_HOURS"}

var guarddutyTypes = map[string]resourceType{
	"aws:guardduty/detector:Detector": {
		check: checkDetector, create: createDetector, read: readDetector, update: updateDetector, delete: deleteDetector,
	},
	"aws:guardduty/detectorFeature:DetectorFeature": {
		check: checkFeature, create: createFeature, read: readFeature, update: updateFeature, delete: deleteFeature,
	},
	"aws:guardduty/publishingDestination:PublishingDestination": {
		check: checkDestination, create: createDestination, read: readDestination, update: updateDestination, delete: deleteDestination,
	},
	"aws:guardduty/filter:Filter": {
		check: checkFindingFilter, create: createFindingFilter, read: readFindingFilter, update: updateFindingFilter, delete: deleteFindingFilter,
	},
	"aws:guardduty/iPSet:IPSet":                   trustedIPs.resourceType(),
	"aws:guardduty/threatIntelSet:ThreatIntelSet": threatLists.resourceType(),
	"aws:guardduty/malwareProtectionPlan:MalwareProtectionPlan": {
		check: checkMalwarePlan, create: createMalwarePlan, read: readMalwarePlan, update: updateMalwarePlan, delete: deleteMalwarePlan,
	},
}

// guarddutyRejects is a request that GuardDuty rejects.
func guarddutyRejects(api, format string, args ...any) error {
	return refuse("BadRequestException", "The request is rejected because "+fmt.Sprintf(format, args...), guarddutyAPI+api+".html")
}

// guarddutyBeyondLimit is a request for more of something than the account may have in a Region.
func guarddutyBeyondLimit(what string, most int) error {
	return refuse("BadRequestException", fmt.Sprintf("The request is rejected because an attempt to create resources beyond the current AWS account limits: "+
		"at most %d %s in an account and Region", most, what), guarddutyQuotas)
}

// detector is the Region's detector, when it has that id.
func (c *call) detector(id, api string) (*guarddutyDetector, error) {
	return c.detectorIn(c.Region, id, api)
}

func (a *Account) detectorIn(region, id, api string) (*guarddutyDetector, error) {
	if d := a.GuardDuty.Detectors[region]; d != nil && d.ID == id {
		return d, nil
	}
	return nil, guarddutyRejects(api, "the input detectorId is not owned by the current account: %s has no detector %q.", region, id)
}

// ofDetector finds the detector of something whose id is DETECTOR, a separator and a name.
func (c *call) ofDetector(id, separator string) (d *guarddutyDetector, name string) {
	detector, name, _ := strings.Cut(id, separator)
	d, err := c.detector(detector, "GetDetector")
	if err != nil {
		return nil, name
	}
	return d, name
}

// useLinkedRole makes the service-linked role of a service unless it is there. The
// caller has to be allowed to.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html
func (c *call) useLinkedRole(service string) error {
	linked := linkedRoles[service]
	if c.IAM.Roles[linked.role] == nil {
		if err := c.may("iam:CreateServiceLinkedRole", c.iamARN("role", "/aws-service-role/"+service+"/", linked.role)); err != nil {
			return err
		}
	}
	c.linkRole(service)
	return nil
}

func checkDetector(_ *call, in props) error {
	return oneOf(in, "findingPublishingFrequency", "BadRequestException", guarddutyAPI+"CreateDetector.html", findingFrequencies...)
}

// createDetector switches GuardDuty on. Without a word about features, all are on but
// the monitoring of run time.
// https://docs.aws.amazon.com/guardduty/latest/APIReference/API_CreateDetector.html
func createDetector(c *call, in props) (string, props, error) {
	if err := c.may("guardduty:CreateDetector", "*"); err != nil {
		return "", nil, err
	}
	if c.GuardDuty.Detectors[c.Region] != nil {
		return "", nil, guarddutyRejects("CreateDetector", "a detector already exists for the current account.")
	}
	if err := c.useLinkedRole(guarddutyService); err != nil {
		return "", nil, err
	}
	if err := c.useLinkedRole(malwareService); err != nil {
		return "", nil, err
	}
	d := &guarddutyDetector{ID: c.hexID(32), Features: defaultFeatures(c.Region)}
	d.ARN = c.arn("guardduty", c.Region, c.ID, "detector/"+d.ID)
	d.configure(in)
	c.GuardDuty.Detectors.put(c.Region, d)
	return d.ID, d.props(c), nil
}

func (d *guarddutyDetector) configure(in props) {
	d.Enabled = flag(in, "enable", true)
	d.Frequency = strOr(in, "findingPublishingFrequency", cmp.Or(d.Frequency, "SIX_HOURS"))
	d.Tags = stringMap(in, "tags")
	d.setDatasources(object(in, "datasources"))
}

func (d *guarddutyDetector) props(c *call) props {
	return props{
		"arn": d.ARN, "accountId": c.ID, "enable": d.Enabled, "findingPublishingFrequency": d.Frequency,
		"datasources": d.datasources(), "tags": d.Tags,
	}
}

func readDetector(c *call, id string, _ props) (props, error) {
	d, err := c.detector(id, "GetDetector")
	if err != nil {
		return nil, errNotFound
	}
	return d.props(c), c.may("guardduty:GetDetector", d.ARN)
}

func updateDetector(c *call, id string, _, in props) (props, error) {
	d, err := c.detector(id, "UpdateDetector")
	if err != nil {
		return nil, err
	}
	if err := c.may("guardduty:UpdateDetector", d.ARN); err != nil {
		return nil, err
	}
	d.configure(in)
	return d.props(c), nil
}

// deleteDetector switches GuardDuty off in the Region: features, filters, lists and
// destinations go with it.
func deleteDetector(c *call, id string, _ props) error {
	d, err := c.detector(id, "DeleteDetector")
	if err != nil {
		return errNotFound
	}
	if err := c.may("guardduty:DeleteDetector", d.ARN); err != nil {
		return err
	}
	delete(c.GuardDuty.Detectors, c.Region)
	return nil
}
