package awssim

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
)

// cloudtrailState is what CloudTrail keeps. Trails are kept under their ARN.
type cloudtrailState struct {
	Trails table[trail]
}

type trail struct {
	ARN, Name, Region string
	Organization      bool
	MultiRegion       bool
	Logging           bool
	Properties        props // as the provider reports them
	Deliveries        int   // how often files were delivered
}

const (
	cloudtrailService = "cloudtrail.amazonaws.com"
	cloudtrailAPI     = "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_"
	createTrailDoc    = cloudtrailAPI + "CreateTrail.html"
	trailGuide        = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
	trailNamesDoc     = trailGuide + "cloudtrail-trail-naming-requirements.html"
	trailBucketDoc    = trailGuide + "create-s3-bucket-policy-for-cloudtrail.html"
	trailKeyDoc       = trailGuide + "create-kms-key-policy-for-cloudtrail.html"
	trailLogsDoc      = trailGuide + "cloudtrail-required-policy-for-cloudwatch-logs.html"
	trailTopicDoc     = trailGuide + "cloudtrail-permissions-for-sns-notifications.html"
	trailOrgDoc       = trailGuide + "creating-trail-organization.html"
	trailLimitsDoc    = trailGuide + "WhatIsCloudTrail-Limits.html"
	trailsPerRegion   = 5
	trailPrefixMax    = 200
)

var cloudtrailTypes = map[string]resourceType{
	"aws:cloudtrail/trail:Trail": {
		check: checkTrail, create: createTrail, read: readTrail, update: updateTrail, delete: deleteTrail,
	},
}

var (
	trailNamePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]$`)
	trailNameDoubled = regexp.MustCompile(`[._-]{2}`)
)

func checkTrail(_ *call, in props) error {
	if name := str(in, "name"); name != "" {
		if _, err := netip.ParseAddr(name); err == nil || !trailNamePattern.MatchString(name) || trailNameDoubled.MatchString(name) {
			return refuse("InvalidTrailNameException", fmt.Sprintf("Trail name %q: a name has 3 to 128 letters, digits, periods, underscores and hyphens, "+
				"begins and ends with a letter or digit, has no two of the others in a row, and is not an IP address", name), trailNamesDoc)
		}
	}
	if len(str(in, "s3KeyPrefix")) > trailPrefixMax {
		return refuse("InvalidS3PrefixException", fmt.Sprintf("s3KeyPrefix: at most %d characters are allowed", trailPrefixMax), createTrailDoc)
	}
	if name := str(in, "s3BucketName"); name != "" && s3BadName(name) != "" {
		return refuse("InvalidS3BucketNameException", fmt.Sprintf("s3BucketName %q: a name has %s", name, s3BadName(name)), createTrailDoc)
	}
	if flag(in, "isMultiRegionTrail", false) && !flag(in, "includeGlobalServiceEvents", true) {
		return refuse("InvalidParameterCombinationException", "Multi-Region trail must include global service events.", createTrailDoc)
	}
	for _, property := range []string{"kmsKeyId", "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn"} {
		if v := str(in, property); v != "" {
			if _, ok := splitARN(v); !ok {
				return fmt.Errorf("%s: %q is an invalid ARN", property, v)
			}
		}
	}
	if present(in, "cloudWatchLogsGroupArn") != present(in, "cloudWatchLogsRoleArn") {
		if present(in, "cloudWatchLogsGroupArn") {
			return refuse("InvalidCloudWatchLogsRoleArnException", "You must specify a role ARN as well as a log group.", createTrailDoc)
		}
		return refuse("InvalidCloudWatchLogsLogGroupArnException", "You must specify a log group as well as a role ARN.", createTrailDoc)
	}
	return checkSelectors(in)
}

// trailOwner is the account whose id is in the trail's ARN: an organization's trail
// belongs to the management account whoever makes it.
func (c *call) trailOwner(in props) (string, error) {
	if !flag(in, "isOrganizationTrail", false) {
		return c.ID, nil
	}
	o := c.Settings.Organization
	switch {
	case o == nil:
		return "", refuse("OrganizationsNotInUseException", "Your account is not a member of an organization.", createTrailDoc)
	case o.ManagementAccount != c.ID && !slices.Contains(o.CloudTrailAdministrators, c.ID):
		return "", refuse("NotOrganizationMasterAccountException", "The caller is neither the organization's management account nor a delegated administrator of CloudTrail.", createTrailDoc)
	case !o.CloudTrailAccess:
		return "", refuse("CloudTrailAccessNotEnabledException", "Trusted access for CloudTrail is not enabled in the organization.", trailOrgDoc)
	}
	return o.ManagementAccount, nil
}

func createTrail(c *call, in props) (string, props, error) {
	owner, err := c.trailOwner(in)
	if err != nil {
		return "", nil, err
	}
	name := str(in, "name")
	t := &trail{
		ARN: c.arn("cloudtrail", c.Region, owner, "trail/"+name), Name: name, Region: c.Region,
		Organization: flag(in, "isOrganizationTrail", false), MultiRegion: flag(in, "isMultiRegionTrail", false),
		Logging: flag(in, "enableLogging", true),
	}
	if err := c.may("cloudtrail:CreateTrail", t.ARN); err != nil {
		return "", nil, err
	}
	if c.CloudTrail.Trails[t.ARN] != nil {
		return "", nil, refuse("TrailAlreadyExistsException", fmt.Sprintf("Trail %s already exists for customer: %s", name, owner), createTrailDoc)
	}
	if region := c.fullRegion(t); region != "" {
		return "", nil, refuse("MaximumNumberOfTrailsExceededException", fmt.Sprintf("User: %s already has %d trails in %s.", c.ID, trailsPerRegion, region), trailLimitsDoc)
	}
	if err := c.trailMay(t, in); err != nil {
		return "", nil, err
	}
	t.Properties = c.trailProps(t, in)
	c.CloudTrail.Trails.put(t.ARN, t)
	return t.ARN, t.Properties, nil
}

// fullRegion is a Region in which another trail does not fit. A trail for all Regions
// counts in each of them.
func (c *call) fullRegion(t *trail) string {
	regions := []string{t.Region}
	if t.MultiRegion {
		regions = c.enabledRegions()
	}
	for _, region := range regions {
		n := 0
		for arn, other := range c.CloudTrail.Trails {
			if arn != t.ARN && (other.MultiRegion || other.Region == region) {
				n++
			}
		}
		if n >= trailsPerRegion {
			return region
		}
	}
	return ""
}

func (c *call) trailProps(t *trail, in props) props {
	out := props{"arn": t.ARN, "homeRegion": t.Region, "name": t.Name, "tags": stringMap(in, "tags")}
	for _, property := range []string{
		"s3BucketName", "s3KeyPrefix", "kmsKeyId", "cloudWatchLogsGroupArn", "cloudWatchLogsRoleArn", "snsTopicName",
		"eventSelectors", "advancedEventSelectors", "insightSelectors",
	} {
		out[property] = in[property]
	}
	for property, fallback := range map[string]bool{
		"enableLogging": true, "includeGlobalServiceEvents": true, "isMultiRegionTrail": false, "isOrganizationTrail": false,
		"enableLogFileValidation": false,
	} {
		out[property] = flag(in, property, fallback)
	}
	out["snsTopicArn"] = orNil(c.trailTopic(in))
	return out
}

// trailByID finds a trail by its ARN or by its name in the Region.
func (c *call) trailByID(id string) *trail {
	if t := c.CloudTrail.Trails[id]; t != nil {
		return t
	}
	return c.CloudTrail.Trails[c.arn("cloudtrail", c.Region, c.ID, "trail/"+id)]
}

func readTrail(c *call, id string, _ props) (props, error) {
	t := c.trailByID(id)
	if t == nil || !t.MultiRegion && t.Region != c.Region {
		return nil, errNotFound
	}
	if err := c.may("cloudtrail:DescribeTrails", t.ARN); err != nil {
		return nil, err
	}
	out := maps.Clone(t.Properties)
	out["enableLogging"] = t.Logging
	return out, nil
}

// changeTrail finds a trail for a change, which is possible in its home Region only.
func (c *call) changeTrail(id, action string) (*trail, error) {
	t := c.trailByID(id)
	if t == nil {
		return nil, refuse("TrailNotFoundException", "Unknown trail: "+id, cloudtrailAPI+"UpdateTrail.html")
	}
	if t.Region != c.Region {
		return nil, refuse("InvalidHomeRegionException", fmt.Sprintf("Trail %s can be changed in its home Region %s only, not in %s.", t.Name, t.Region, c.Region),
			cloudtrailAPI+"UpdateTrail.html")
	}
	return t, c.may(action, t.ARN)
}

func updateTrail(c *call, id string, old, in props) (props, error) {
	t, err := c.changeTrail(id, "cloudtrail:UpdateTrail")
	if err != nil {
		return nil, err
	}
	if logging := flag(in, "enableLogging", true); logging != flag(old, "enableLogging", true) {
		action := "cloudtrail:StartLogging"
		if !logging {
			action = "cloudtrail:StopLogging"
		}
		if err := c.may(action, t.ARN); err != nil {
			return nil, err
		}
	}
	if _, err := c.trailOwner(in); err != nil {
		return nil, err
	}
	changed := *t
	changed.Organization, changed.MultiRegion = flag(in, "isOrganizationTrail", false), flag(in, "isMultiRegionTrail", false)
	changed.Logging = flag(in, "enableLogging", true)
	if region := c.fullRegion(&changed); region != "" {
		return nil, refuse("MaximumNumberOfTrailsExceededException", fmt.Sprintf("User: %s already has %d trails in %s.", c.ID, trailsPerRegion, region), trailLimitsDoc)
	}
	if err := c.trailMay(&changed, in); err != nil {
		return nil, err
	}
	changed.Properties = c.trailProps(&changed, in)
	*t = changed
	return t.Properties, nil
}

func deleteTrail(c *call, id string, _ props) error {
	if c.trailByID(id) == nil {
		return errNotFound
	}
	t, err := c.changeTrail(id, "cloudtrail:DeleteTrail")
	if err != nil {
		return err
	}
	delete(c.CloudTrail.Trails, t.ARN)
	return nil
}
