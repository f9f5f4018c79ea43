package awssim

import (
	"errors"
	"fmt"
	"strings"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// DeliverTrail lets a trail deliver once: a log file, a digest file where log file
// validation is on, events to its log group and a notification's permission. Each
// goes through the policies that stand at this moment. The error joins what was
// refused; the rest is delivered all the same, as CloudTrail does. A trail for all
// Regions delivers for its home Region here.
func (a *Account) DeliverTrail(trailARN string) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	t := a.CloudTrail.Trails[trailARN]
	if t == nil {
		return refuse("TrailNotFoundException", "Unknown trail: "+trailARN, cloudtrailAPI+"GetTrail.html")
	}
	if !t.Logging {
		return fmt.Errorf("trail %s is not logging", trailARN)
	}
	t.Deliveries++
	p := t.Properties
	errs := []error{a.deliverFiles(t, p), a.deliverLogs(t, p)}
	if err := errors.Join(errs...); err != nil {
		return errors.Join(err, a.save())
	}
	return a.save()
}

func (a *Account) deliverFiles(t *trail, p props) error {
	b := a.S3.Buckets[str(p, "s3BucketName")]
	if b == nil {
		return noSuchBucket(str(p, "s3BucketName"))
	}
	service := policyeval.Principal{Service: cloudtrailService}
	if err := a.s3Authorize(service, a.trailContext(t), b, "s3:GetBucketAcl", ""); err != nil {
		return err
	}
	now := a.now().UTC()
	parts, _ := splitARN(t.ARN)
	var errs []error
	for _, place := range a.trailPrefixes(t, str(p, "s3KeyPrefix")) {
		file := fmt.Sprintf("%s_CloudTrail_%s_%s_%s.json.gz", parts.Account, t.Region, now.Format("20060102T1504Z"), a.upperID(16))
		key := place + "CloudTrail/" + t.Region + now.Format("/2006/01/02/") + file
		errs = append(errs, a.s3Put(service, a.trailPut(t, str(p, "kmsKeyId")), b, key))
		if flag(p, "enableLogFileValidation", false) {
			digest := fmt.Sprintf("%s_CloudTrail-Digest_%s_%s_%s_%s.json.gz", parts.Account, t.Region, t.Name, t.Region, now.Format("20060102T150405Z"))
			errs = append(errs, a.s3Put(service, a.trailPut(t, ""), b, place+"CloudTrail-Digest/"+t.Region+now.Format("/2006/01/02/")+digest))
		}
	}
	return errors.Join(errs...)
}

func (a *Account) deliverLogs(t *trail, p props) error {
	group, role := str(p, "cloudWatchLogsGroupArn"), str(p, "cloudWatchLogsRoleArn")
	if group == "" {
		return nil
	}
	parts, _ := splitARN(group)
	name := strings.TrimSuffix(strings.TrimPrefix(parts.Resource, "log-group:"), ":*")
	g := a.Logs.Groups[regional(parts.Region, name)]
	if g == nil {
		return logsNoGroup(name)
	}
	if err := a.trusts(role, policyeval.Principal{Service: cloudtrailService}, a.trailContext(t)); err != nil {
		return err
	}
	stream := a.trailStreams(t)[0]
	for _, action := range []string{"logs:CreateLogStream", "logs:PutLogEvents"} {
		if err := a.roleMay(role, action, strings.TrimSuffix(group, "*")+"log-stream:"+stream, a.trailContext(t)); err != nil {
			return err
		}
	}
	return a.logsEncrypt(g)
}
