package awssim

import (
	"fmt"
	"regexp"
	"strings"
)

// standardName is a standard by the last part of its ARN.
type standardName struct {
	name      string
	ruleset   bool // the oldest one, whose ARN names no Region
	byDefault bool // enabled with Security Hub unless told otherwise
}

// securityhubStandards are the standards of Security Hub.
// https://docs.aws.amazon.com/securityhub/latest/userguide/standards-reference.html
var securityhubStandards = []standardName{
	{name: "aws-foundational-security-best-practices/v/1.0.0", byDefault: true},
	{name: "aws-resource-tagging-standard/v/1.0.0"},
	{name: "cis-aws-foundations-benchmark/v/1.2.0", ruleset: true, byDefault: true},
	{name: "cis-aws-foundations-benchmark/v/1.4.0"},
	{name: "cis-aws-foundations-benchmark/v/3.0.0"},
	{name: "cis-aws-foundations-benchmark/v/5.0.0"},
	{name: "nist-800-171/v/2.0.0"},
	{name: "nist-800-53/v/5.0.0"},
	{name: "pci-dss/v/3.2.1"},
	{name: "pci-dss/v/4.0.1"},
}

const (
	standardsDoc  = securityhubGuide + "standards-reference.html"
	controlMaxWhy = 1024
)

var controlID = regexp.MustCompile(`^[A-Za-z0-9]+\.[0-9]+$`)

func (c *call) standardARN(s standardName) string {
	if s.ruleset {
		return c.arn("securityhub", "", "", "ruleset/"+s.name)
	}
	return c.arn("securityhub", c.Region, "", "standards/"+s.name)
}

func (c *call) subscriptionARN(s standardName) string {
	return c.arn("securityhub", c.Region, c.ID, "subscription/"+s.name)
}

// standard is the standard that an ARN names in the Region.
func (c *call) standard(arn string) (standardName, error) {
	var known []string
	for _, s := range securityhubStandards {
		if c.standardARN(s) == arn {
			return s, nil
		}
		known = append(known, c.standardARN(s))
	}
	return standardName{}, refuse("InvalidInputException", fmt.Sprintf("%s is no standard of Security Hub in %s. Standards are %s",
		arn, c.Region, strings.Join(known, ", ")), standardsDoc)
}

func checkStandard(c *call, in props) error {
	if arn := str(in, "standardsArn"); arn != "" {
		_, err := c.standard(arn)
		return err
	}
	return nil
}

// createStandard enables a standard; one that is enabled already is taken over.
func createStandard(c *call, in props) (string, props, error) {
	h, err := c.hub("BatchEnableStandards")
	if err != nil {
		return "", nil, err
	}
	if err := c.may("securityhub:BatchEnableStandards", h.ARN); err != nil {
		return "", nil, err
	}
	s, err := c.standard(str(in, "standardsArn"))
	if err != nil {
		return "", nil, err
	}
	id := c.subscriptionARN(s)
	if h.Standards[id] == nil {
		h.Standards.put(id, &securityhubStandard{ARN: c.standardARN(s)})
	}
	return id, props{}, nil
}

func readStandard(c *call, id string, _ props) (props, error) {
	h := c.SecurityHub.Hubs[c.Region]
	if h == nil || h.Standards[id] == nil {
		return nil, errNotFound
	}
	return props{"standardsArn": h.Standards[id].ARN}, c.may("securityhub:GetEnabledStandards", h.ARN)
}

// deleteStandard disables a standard. Which of its controls were disabled is forgotten.
// https://docs.aws.amazon.com/securityhub/latest/userguide/disable-standards.html
func deleteStandard(c *call, id string, _ props) error {
	h := c.SecurityHub.Hubs[c.Region]
	if h == nil || h.Standards[id] == nil {
		return errNotFound
	}
	if err := c.may("securityhub:BatchDisableStandards", h.ARN); err != nil {
		return err
	}
	delete(h.Standards, id)
	return nil
}

// enabledStandard is an enabled standard by its own ARN.
func (h *securityhubHub) enabledStandard(arn string) *securityhubStandard {
	for _, s := range h.Standards {
		if s.ARN == arn {
			return s
		}
	}
	return nil
}

// keepControl changes nothing: the provider forgets a control, Security Hub keeps it as it is.
func keepControl(*call, string, props) error { return nil }

// checkReason demands a reason from whoever disables a control.
func checkReason(in props, status, reason, api string) error {
	if err := oneOf(in, status, "InvalidInputException", securityhubAPI+api+".html", statusEnabled, statusDisabled); err != nil {
		return err
	}
	why := str(in, reason)
	if str(in, status) == statusDisabled && why == "" && !isUnknown(in[reason]) {
		return securityhubInvalid(api, "%s: a control is disabled for a reason", reason)
	}
	if n := len([]rune(why)); n > controlMaxWhy {
		return securityhubInvalid(api, "%s: has %d characters; at most %d are allowed", reason, n, controlMaxWhy)
	}
	return nil
}

func checkAssociation(c *call, in props) error {
	const api = "BatchUpdateStandardsControlAssociations"
	if id := str(in, "securityControlId"); id != "" && !controlID.MatchString(id) {
		return securityhubInvalid(api, "securityControlId %q: a security control has an id like IAM.1", id)
	}
	if arn := str(in, "standardsArn"); arn != "" {
		if _, err := c.standard(arn); err != nil {
			return err
		}
	}
	return checkReason(in, "associationStatus", "updatedReason", api)
}

// putAssociation enables or disables a control in a standard.
func (c *call) putAssociation(in props) (props, error) {
	const api = "BatchUpdateStandardsControlAssociations"
	h, err := c.hub(api)
	if err != nil {
		return nil, err
	}
	if err := c.may("securityhub:"+api, h.ARN); err != nil {
		return nil, err
	}
	s := h.enabledStandard(str(in, "standardsArn"))
	if s == nil {
		return nil, refuse("NOT_FOUND", fmt.Sprintf("The standard %s is not enabled in %s", str(in, "standardsArn"), c.Region), securityhubAPI+api+".html")
	}
	s.Controls.put(str(in, "securityControlId"), &securityhubControl{str(in, "associationStatus"), str(in, "updatedReason"), c.timestamp()})
	return props{}, nil
}

func createAssociation(c *call, in props) (string, props, error) {
	out, err := c.putAssociation(in)
	return str(in, "securityControlId") + "," + str(in, "standardsArn"), out, err
}

func updateAssociation(c *call, _ string, _, in props) (props, error) { return c.putAssociation(in) }

func readAssociation(c *call, id string, _ props) (props, error) {
	control, arn, _ := strings.Cut(id, ",")
	h := c.SecurityHub.Hubs[c.Region]
	if h == nil || h.enabledStandard(arn) == nil {
		return nil, errNotFound
	}
	out := props{"securityControlId": control, "standardsArn": arn, "associationStatus": statusEnabled}
	if set := h.enabledStandard(arn).Controls[control]; set != nil {
		out["associationStatus"], out["updatedReason"] = set.Status, orNil(set.Reason)
	}
	return out, c.may("securityhub:ListStandardsControlAssociations", h.ARN)
}

func checkStandardsControl(c *call, in props) error {
	const api = "UpdateStandardsControl"
	if arn := str(in, "standardsControlArn"); arn != "" {
		if parts, ok := c.ownARN(arn); !ok || parts.Service != "securityhub" || parts.Region != c.Region || !strings.HasPrefix(parts.Resource, "control/") {
			return securityhubInvalid(api, "standardsControlArn %q: a control has an ARN like %s", arn,
				c.arn("securityhub", c.Region, c.ID, "control/aws-foundational-security-best-practices/v/1.0.0/IAM.1"))
		}
	}
	return checkReason(in, "controlStatus", "disabledReason", api)
}

// controlOf takes apart the ARN of a control: its standard, when that is enabled, and its id.
func (c *call) controlOf(arn string) (*securityhubHub, *securityhubStandard, string) {
	h := c.SecurityHub.Hubs[c.Region]
	i := strings.LastIndex(arn, "/")
	if h == nil || i < 0 {
		return nil, nil, ""
	}
	return h, h.Standards[strings.Replace(arn[:i], ":control/", ":subscription/", 1)], arn[i+1:]
}

func (c *call) putStandardsControl(in props) (props, error) {
	const api = "UpdateStandardsControl"
	if _, err := c.hub(api); err != nil {
		return nil, err
	}
	arn := str(in, "standardsControlArn")
	h, s, id := c.controlOf(arn)
	if err := c.may("securityhub:"+api, h.ARN); err != nil {
		return nil, err
	}
	if s == nil {
		return nil, refuse("ResourceNotFoundException", fmt.Sprintf("The standard of control %s is not enabled", arn), securityhubAPI+api+".html")
	}
	s.Controls.put(id, &securityhubControl{str(in, "controlStatus"), str(in, "disabledReason"), c.timestamp()})
	return s.controlProps(arn, id), nil
}

func (s *securityhubStandard) controlProps(arn, id string) props {
	out := props{"standardsControlArn": arn, "controlId": id, "controlStatus": statusEnabled, "relatedRequirements": []any{}}
	for _, described := range []string{"description", "remediationUrl", "severityRating", "title", "controlStatusUpdatedAt"} {
		out[described] = ""
	}
	if set := s.Controls[id]; set != nil {
		out["controlStatus"], out["disabledReason"], out["controlStatusUpdatedAt"] = set.Status, orNil(set.Reason), set.Updated
	}
	return out
}

func createStandardsControl(c *call, in props) (string, props, error) {
	out, err := c.putStandardsControl(in)
	return str(in, "standardsControlArn"), out, err
}

func updateStandardsControl(c *call, _ string, _, in props) (props, error) {
	return c.putStandardsControl(in)
}

func readStandardsControl(c *call, arn string, _ props) (props, error) {
	h, s, id := c.controlOf(arn)
	if s == nil {
		return nil, errNotFound
	}
	return s.controlProps(arn, id), c.may("securityhub:DescribeStandardsControls", h.ARN)
}
