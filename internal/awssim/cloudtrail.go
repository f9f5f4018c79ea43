package awssim

import (
	"fmt"
	"maps"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
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

// trailMay makes the checks that CreateTrail and UpdateTrail make before they accept
// a trail: that CloudTrail will be able to deliver.
func (c *call) trailMay(t *trail, in props) error {
	b := c.S3.Buckets[str(in, "s3BucketName")]
	if b == nil {
		return refuse("S3BucketDoesNotExistException", fmt.Sprintf("S3 bucket %s does not exist!", str(in, "s3BucketName")), createTrailDoc)
	}
	if b.RequestPayer == "Requester" {
		return refuse("InsufficientS3BucketPolicyException", "CloudTrail does not deliver to a Requester Pays bucket: "+b.Name, trailBucketDoc)
	}
	if err := c.trailBucket(t, in, b); err != nil {
		return err
	}
	if err := c.trailKey(t, in, b); err != nil {
		return err
	}
	if err := c.trailLogs(t, in); err != nil {
		return err
	}
	return c.trailNotify(t, in)
}

// trailContext are the condition keys of CloudTrail's own requests.
func (a *Account) trailContext(t *trail) map[string][]string {
	owner := a.ID
	if parts, ok := splitARN(t.ARN); ok {
		owner = parts.Account
	}
	return map[string][]string{"aws:SourceArn": {t.ARN}, "aws:SourceAccount": {owner}, "aws:SecureTransport": {"true"}}
}

// trailPut are the condition keys of an upload by CloudTrail. Log files are encrypted
// as the trail says, digest files always with SSE-S3.
// https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html
func (a *Account) trailPut(t *trail, key string) map[string][]string {
	ctx := a.trailContext(t)
	ctx["s3:x-amz-acl"] = []string{"bucket-owner-full-control"}
	ctx["s3:x-amz-server-side-encryption"] = []string{sseS3}
	if key != "" {
		ctx["s3:x-amz-server-side-encryption"] = []string{sseKMS}
		ctx["s3:x-amz-server-side-encryption-aws-kms-key-id"] = []string{key}
		ctx[encryptionContextPrefix+"aws:cloudtrail:arn"] = []string{t.ARN}
	}
	return ctx
}

// trailPrefixes are the places in the bucket that the trail writes to.
func (a *Account) trailPrefixes(t *trail, prefix string) []string {
	if prefix != "" && !strings.HasSuffix(prefix, "/") {
		prefix += "/"
	}
	parts, _ := splitARN(t.ARN)
	places := []string{prefix + "AWSLogs/" + parts.Account + "/"}
	if t.Organization && a.Settings.Organization != nil {
		places = append(places, prefix+"AWSLogs/"+a.Settings.Organization.ID+"/"+parts.Account+"/")
	}
	return places
}

func (c *call) trailBucket(t *trail, in props, b *s3Bucket) error {
	bad := func(action string, err error) error {
		return refuse("InsufficientS3BucketPolicyException", fmt.Sprintf("Incorrect S3 bucket policy is detected for bucket: %s (%s as %s of trail %s: %v)",
			b.Name, action, cloudtrailService, t.ARN, err), trailBucketDoc)
	}
	service := policyeval.Principal{Service: cloudtrailService}
	if err := c.s3Authorize(service, c.trailContext(t), b, "s3:GetBucketAcl", ""); err != nil {
		return bad("s3:GetBucketAcl", err)
	}
	for _, place := range c.trailPrefixes(t, str(in, "s3KeyPrefix")) {
		if err := c.s3Authorize(service, c.trailPut(t, str(in, "kmsKeyId")), b, "s3:PutObject", place+"CloudTrail/"+t.Region+"/"); err != nil {
			return bad("s3:PutObject", err)
		}
	}
	return nil
}

// trailKey demands a key in the bucket's Region that lets CloudTrail encrypt.
func (c *call) trailKey(t *trail, in props, b *s3Bucket) error {
	id := str(in, "kmsKeyId")
	if id == "" {
		return nil
	}
	parts, _ := splitARN(id)
	if parts.Region != b.Region {
		return refuse("KmsKeyNotFoundException", fmt.Sprintf("The KMS key %s and the S3 bucket %s in %s are not in the same Region.", id, b.Name, b.Region), createTrailDoc)
	}
	service := policyeval.Principal{Service: cloudtrailService}
	ctx := c.s3KeyContext(c.trailPut(t, id), b, c.trailPrefixes(t, str(in, "s3KeyPrefix"))[0]+"CloudTrail/"+t.Region+"/")
	for _, use := range trailKeyUses(b) {
		err := c.kmsAuthorize(id, service, use.action, use.context(c.trailContext(t), ctx))
		switch {
		case err == nil:
		case refusedAs(err, "NotFoundException"):
			return refuse("KmsKeyNotFoundException", fmt.Sprintf("The specified KMS key %s does not exist.", id), createTrailDoc)
		case refusedAs(err, "DisabledException"), refusedAs(err, "KMSInvalidStateException"):
			return refuse("KmsKeyDisabledException", fmt.Sprintf("The specified KMS key %s cannot be used: %v", id, err), createTrailDoc)
		default:
			return refuse("InsufficientEncryptionPolicyException", fmt.Sprintf("Insufficient permissions to access S3 bucket %s or KMS key %s. (%s as %s: %v)",
				b.Name, id, use.action, cloudtrailService, err), trailKeyDoc)
		}
	}
	return nil
}

// keyUse is a KMS action and whether it happens with an encryption context.
type keyUse struct {
	action  string
	encrypt bool
}

func (u keyUse) context(plain, encrypting map[string][]string) map[string][]string {
	if u.encrypt {
		return encrypting
	}
	return plain
}

// trailKeyUses are what CloudTrail does with a key; with an S3 Bucket Key it decrypts, too.
func trailKeyUses(b *s3Bucket) []keyUse {
	uses := []keyUse{{"kms:DescribeKey", false}, {"kms:GenerateDataKey", true}}
	if b.Encryption.BucketKey {
		uses = append(uses, keyUse{"kms:Decrypt", true})
	}
	return uses
}

// trailStreams are the names of the log streams that the trail writes to.
func (a *Account) trailStreams(t *trail) []string {
	parts, _ := splitARN(t.ARN)
	streams := []string{parts.Account + "_CloudTrail_" + t.Region}
	if t.Organization && a.Settings.Organization != nil {
		streams = append(streams, a.Settings.Organization.ID+"_"+parts.Account+"_CloudTrail_"+t.Region)
	}
	return streams
}

func (c *call) trailLogs(t *trail, in props) error {
	group, role := str(in, "cloudWatchLogsGroupArn"), str(in, "cloudWatchLogsRoleArn")
	if group == "" {
		return nil
	}
	badGroup := func(reason string) error {
		return refuse("InvalidCloudWatchLogsLogGroupArnException", fmt.Sprintf("%s (log group %s)", reason, group), trailLogsDoc)
	}
	parts, _ := splitARN(group)
	name, star := strings.CutSuffix(strings.TrimPrefix(parts.Resource, "log-group:"), ":*")
	switch {
	case !star || parts.Service != "logs":
		return badGroup("CloudTrail cannot validate the specified log group ARN: it has the form arn:PARTITION:logs:REGION:ACCOUNT:log-group:NAME:*")
	case parts.Region != t.Region:
		return badGroup("The log group and the trail are not in the same Region")
	case parts.Account != c.ID || c.Logs.Groups[regional(parts.Region, name)] == nil:
		return badGroup("CloudTrail cannot find the specified log group")
	}
	if err := c.passRole(role, cloudtrailService); err != nil {
		return err
	}
	if err := c.trusts(role, policyeval.Principal{Service: cloudtrailService}, c.trailContext(t)); err != nil {
		return refuse("InvalidCloudWatchLogsRoleArnException", fmt.Sprintf("Access denied. Check the trust relationships for your role. (%v)", err), trailLogsDoc)
	}
	for _, stream := range c.trailStreams(t) {
		for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
			if err := c.roleMay(role, action, strings.TrimSuffix(group, "*")+"log-stream:"+stream, c.trailContext(t)); err != nil {
				return badGroup(fmt.Sprintf("Access denied. Check the permissions for your role. (%v)", err))
			}
		}
	}
	return nil
}

// trailTopic is the ARN of the topic that the trail notifies; "" for none.
func (c *call) trailTopic(in props) string {
	name := str(in, "snsTopicName")
	if name == "" || strings.HasPrefix(name, "arn:") {
		return name
	}
	return c.arn("sns", c.Region, c.ID, name)
}

func (c *call) trailNotify(t *trail, in props) error {
	arn := c.trailTopic(in)
	if arn == "" {
		return nil
	}
	topic := c.SNS.Topics[arn]
	if topic == nil {
		return refuse("InvalidSnsTopicNameException", fmt.Sprintf("SNS Topic does not exist or the topic policy is incorrect: %s", arn), createTrailDoc)
	}
	policy, err := parsePolicy(topic.Policy)
	if err != nil {
		return err
	}
	decision, err := c.allowsService(policy, cloudtrailService, "sns:Publish", arn, c.trailContext(t))
	if err != nil {
		return err
	}
	if !decision.Allowed {
		return refuse("InsufficientSnsTopicPolicyException", fmt.Sprintf("SNS Topic does not exist or the topic policy is incorrect: %s (%s)", arn, decision.Reason), trailTopicDoc)
	}
	key := str(topic.Properties, "kmsMasterKeyId")
	if key == "" {
		return nil
	}
	for _, action := range []string{"kms:GenerateDataKey", "kms:Decrypt"} {
		if err := c.kmsAuthorize(c.kmsARN(topic.Region, key), policyeval.Principal{Service: cloudtrailService}, action, c.trailContext(t)); err != nil {
			return refuse("InsufficientEncryptionPolicyException", fmt.Sprintf("Insufficient permissions to access the KMS key of SNS topic %s (%v)", arn, err), trailTopicDoc)
		}
	}
	return nil
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
