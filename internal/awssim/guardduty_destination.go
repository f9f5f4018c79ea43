package awssim

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// guarddutyDestination is where a detector exports its findings.
type guarddutyDestination struct {
	Destination string // ARN of the bucket, with an optional prefix
	Key         string // ARN of the KMS key
}

const exportDoc = guarddutyGuide + "guardduty_exportfindings.html"

func checkDestination(_ *call, in props) error {
	if err := oneOf(in, "destinationType", "BadRequestException", guarddutyAPI+"CreatePublishingDestination.html", "S3"); err != nil {
		return err
	}
	for property, service := range map[string]string{"destinationArn": "s3", "kmsKeyArn": "kms"} {
		if arn := str(in, property); arn != "" {
			if parts, ok := splitARN(arn); !ok || parts.Service != service {
				return refuse("BadRequestException", fmt.Sprintf("%s %q is not an ARN of %s", property, arn, service), guarddutyAPI+"DestinationProperties.html")
			}
		}
	}
	if arn := str(in, "kmsKeyArn"); arn == "" && present(in, "kmsKeyArn") && !isUnknown(in["kmsKeyArn"]) {
		return refuse("BadRequestException", "kmsKeyArn: findings are exported with a KMS key only", exportDoc)
	}
	return nil
}

// bucketAndPrefix are the bucket that a destination names, and what comes before the
// place of the findings in it.
func (t *guarddutyDestination) bucketAndPrefix() (bucket, prefix string) {
	parts, _ := splitARN(t.Destination)
	bucket, prefix, _ = strings.Cut(parts.Resource, "/")
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		prefix += "/"
	}
	return bucket, prefix
}

// reachable refuses destinations that GuardDuty does not export to from the Region.
func (a *Account) reachable(d *guarddutyDetector, t *guarddutyDestination, region string) error {
	no := func(format string, args ...any) error {
		return refuse("BadRequestException", "The request failed because "+fmt.Sprintf(format, args...), exportDoc)
	}
	name, _ := t.bucketAndPrefix()
	b := a.S3.Buckets[name]
	if b == nil {
		return no("the bucket %s does not exist.", name)
	}
	parts, _ := splitARN(t.Key)
	switch {
	case strings.HasPrefix(parts.Resource, "alias/"):
		return no("kmsKeyArn %s names an alias; a key is needed.", t.Key)
	case parts.Region != b.Region:
		return no("bucket and key have to be in the same Region: bucket %s is in %s, the key in %s.", b.Name, b.Region, parts.Region)
	case b.Region != region && slices.Contains(partitions[a.Partition].optIn, b.Region):
		return no("findings of %s cannot be exported to the opt-in Region %s.", region, b.Region)
	}
	return a.guarddutyPut(d, t, region, "findings.jsonl.gz", true)
}

// guarddutyPut lets GuardDuty write one object, named below its place in the bucket, by
// the policies of the moment. A probe leaves no object behind.
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
func (a *Account) guarddutyPut(d *guarddutyDetector, t *guarddutyDestination, region, object string, probe bool) error {
	name, prefix := t.bucketAndPrefix()
	b := a.S3.Buckets[name]
	if b == nil {
		return noSuchBucket(name)
	}
	if probe {
		b = &s3Bucket{}
		*b = *a.S3.Buckets[name]
		b.Objects = nil
	}
	actor := servicePrincipal(guarddutyService)
	ctx := func() map[string][]string {
		return map[string][]string{"aws:SourceAccount": {a.ID}, "aws:SourceArn": {d.ARN}, "aws:SecureTransport": {"true"}}
	}
	no := func(action string, err error) error {
		return refuse("BadRequestException", fmt.Sprintf("The request failed because the GuardDuty service principal does not have permission to the KMS key or "+
			"the resource specified by the destinationArn parameter: %s as %s of detector %s in %s: %v", action, guarddutyService, d.ID, region, err), exportDoc)
	}
	if err := a.s3Authorize(actor, ctx(), b, "s3:GetBucketLocation", ""); err != nil {
		return no("s3:GetBucketLocation", err)
	}
	put := ctx()
	put["s3:x-amz-server-side-encryption"] = []string{sseKMS}
	put["s3:x-amz-server-side-encryption-aws-kms-key-id"] = []string{t.Key}
	if err := a.s3Put(actor, put, b, prefix+"AWSLogs/"+a.ID+"/GuardDuty/"+region+"/"+object); err != nil {
		return no("s3:PutObject", err)
	}
	return nil
}

// GuardDutyExport lets GuardDuty export a finding of a Region to each destination of its
// detector, through the policies that stand at this moment. The error joins what was
// refused; the rest is exported all the same.
// https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_exportfindings.html
func (a *Account) GuardDutyExport(region string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	d := a.GuardDuty.Detectors[region]
	switch {
	case d == nil:
		return refuse("BadRequestException", "There is no detector in "+region, guarddutyAPI+"ListDetectors.html")
	case !d.Enabled:
		return refuse("BadRequestException", fmt.Sprintf("Detector %s in %s is suspended", d.ID, region), guarddutyGuide+"guardduty_suspend-disable.html")
	case len(d.Destinations) == 0:
		return refuse("BadRequestException", fmt.Sprintf("Detector %s in %s has no publishing destination", d.ID, region), exportDoc)
	}
	var errs []error
	object := a.now().UTC().Format("2006/01/02/") + a.uuid() + ".jsonl.gz"
	for _, id := range sortedKeys(d.Destinations) {
		errs = append(errs, a.guarddutyPut(d, d.Destinations[id], region, object, false))
	}
	return errors.Join(errors.Join(errs...), a.save())
}

func createDestination(c *call, in props) (string, props, error) {
	d, err := c.detector(str(in, "detectorId"), "CreatePublishingDestination")
	if err != nil {
		return "", nil, err
	}
	if err := c.may("guardduty:CreatePublishingDestination", d.ARN); err != nil {
		return "", nil, err
	}
	t := &guarddutyDestination{str(in, "destinationArn"), str(in, "kmsKeyArn")}
	if err := c.reachable(d, t, c.Region); err != nil {
		return "", nil, err
	}
	id := c.hexID(32)
	d.Destinations.put(id, t)
	return d.ID + ":" + id, t.props(d), nil
}

func (t *guarddutyDestination) props(d *guarddutyDetector) props {
	return props{"detectorId": d.ID, "destinationType": "S3", "destinationArn": t.Destination, "kmsKeyArn": t.Key}
}

// destination is the publishing destination with the id, and its detector.
func (c *call) destination(id string) (*guarddutyDetector, *guarddutyDestination) {
	d, name := c.ofDetector(id, ":")
	if d == nil {
		return nil, nil
	}
	return d, d.Destinations[name]
}

func readDestination(c *call, id string, _ props) (props, error) {
	d, t := c.destination(id)
	if t == nil {
		return nil, errNotFound
	}
	return t.props(d), c.may("guardduty:DescribePublishingDestination", d.ARN)
}

func updateDestination(c *call, id string, _, in props) (props, error) {
	d, t := c.destination(id)
	if t == nil {
		return nil, guarddutyRejects("UpdatePublishingDestination", "the one or more input parameters have invalid values: there is no publishing destination %s.", id)
	}
	if err := c.may("guardduty:UpdatePublishingDestination", d.ARN); err != nil {
		return nil, err
	}
	next := &guarddutyDestination{str(in, "destinationArn"), str(in, "kmsKeyArn")}
	if err := c.reachable(d, next, c.Region); err != nil {
		return nil, err
	}
	*t = *next
	return t.props(d), nil
}

func deleteDestination(c *call, id string, _ props) error {
	d, t := c.destination(id)
	if t == nil {
		return errNotFound
	}
	if err := c.may("guardduty:DeletePublishingDestination", d.ARN); err != nil {
		return err
	}
	_, name, _ := strings.Cut(id, ":")
	delete(d.Destinations, name)
	return nil
}
