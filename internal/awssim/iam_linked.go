package awssim

import (
	"fmt"
	"strings"
)

// linkedRoles are services with a service-linked role: its name and its policy.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_aws-services-that-work-with-iam.html
var linkedRoles = map[string]struct{ role, policy string }{
	"access-analyzer.amazonaws.com":              {"AWSServiceRoleForAccessAnalyzer", "AccessAnalyzerServiceRolePolicy"},
	"agentless.inspector2.amazonaws.com":         {"AWSServiceRoleForAmazonInspector2Agentless", "AmazonInspector2ServiceRolePolicy"},
	"cloudtrail.amazonaws.com":                   {"AWSServiceRoleForCloudTrail", "CloudTrailServiceRolePolicy"},
	"config.amazonaws.com":                       {"AWSServiceRoleForConfig", "AWSConfigServiceRolePolicy"},
	"config-conforms.amazonaws.com":              {"AWSServiceRoleForConfigConforms", "ConfigConformsServiceRolePolicy"},
	"guardduty.amazonaws.com":                    {"AWSServiceRoleForAmazonGuardDuty", "AmazonGuardDutyServiceRolePolicy"},
	"inspector2.amazonaws.com":                   {"AWSServiceRoleForAmazonInspector2", "AmazonInspector2ServiceRolePolicy"},
	"macie.amazonaws.com":                        {"AWSServiceRoleForAmazonMacie", "AmazonMacieServiceRolePolicy"},
	"management.chatbot.amazonaws.com":           {"AWSServiceRoleForAWSChatbot", "AWSChatbotServiceLinkedRolePolicy"},
	"securityhub.amazonaws.com":                  {"AWSServiceRoleForSecurityHub", "AWSSecurityHubServiceRolePolicy"},
	"support.amazonaws.com":                      {"AWSServiceRoleForSupport", "AWSSupportServiceRolePolicy"},
	"trustedadvisor.amazonaws.com":               {"AWSServiceRoleForTrustedAdvisor", "AWSTrustedAdvisorServiceRolePolicy"},
	"apidestinations.events.amazonaws.com":       {"AWSServiceRoleForAmazonEventBridgeApiDestinations", ""},
	"malware-protection.guardduty.amazonaws.com": {"AWSServiceRoleForAmazonGuardDutyMalwareProtection", ""},
}

// suffixed are the services whose service-linked role may carry a suffix.
var suffixed = map[string]bool{"autoscaling.amazonaws.com": true, "lexv2.amazonaws.com": true, "connect.amazonaws.com": true}

func iamCheckLinkedRole(_ *call, in props) error {
	const doc = iamDoc + "API_CreateServiceLinkedRole.html"
	service := str(in, "awsServiceName")
	if service != "" && !strings.HasSuffix(service, ".amazonaws.com") {
		return refuse("InvalidInput", fmt.Sprintf("awsServiceName %q: a service name has the form SERVICE.amazonaws.com", service), doc)
	}
	if text := str(in, "description"); len([]rune(text)) > 1000 || !iamDescription.MatchString(text) {
		return refuse("ValidationError", "description: at most 1000 characters of Latin-1 text are allowed", doc)
	}
	return nil
}

func iamCreateLinkedRole(c *call, in props) (string, props, error) {
	const doc = iamDoc + "API_CreateServiceLinkedRole.html"
	service, suffix := str(in, "awsServiceName"), str(in, "customSuffix")
	linked, known := linkedRoles[service]
	if !known {
		return "", nil, refuse("InvalidInput", fmt.Sprintf("%s is not a service with a service-linked role", service), iamLinkedDoc)
	}
	name := linked.role
	if suffix != "" {
		if !suffixed[service] {
			return "", nil, refuse("InvalidInput", "Custom suffix is not allowed for "+service, doc)
		}
		name += "_" + suffix
	}
	path := "/aws-service-role/" + service + "/"
	arn := c.iamARN("role", path, name)
	if err := c.may("iam:CreateServiceLinkedRole", arn); err != nil {
		return "", nil, err
	}
	if iamTaken(c.IAM.Roles, name) {
		return "", nil, refuse("InvalidInput", fmt.Sprintf(
			"Service role name %s has been taken in this account, please try a different suffix.", name), doc)
	}
	role := c.linkRole(service)
	role.Description, role.Tags = str(in, "description"), stringMap(in, "tags")
	return role.ARN, role.linkedProps(), nil
}

// linkRole makes the service-linked role of a service as the service itself does,
// or returns the one that is there.
func (a *Account) linkRole(service string) *iamRole {
	linked := linkedRoles[service]
	if role := a.IAM.Roles[linked.role]; role != nil {
		return role
	}
	path := "/aws-service-role/" + service + "/"
	role := &iamRole{
		Name: linked.role, Path: path, ARN: a.iamARN("role", path, linked.role), UniqueID: "AROA" + a.upperID(17), Created: a.timestamp(),
		TrustPolicy: `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"` + service +
			`"},"Action":"sts:AssumeRole"}]}`,
		MaxSession: defaultMaxSession, Service: service,
	}
	if linked.policy != "" {
		role.Attached = []string{a.arn("iam", "", "aws", "policy/aws-service-role/"+linked.policy)}
	}
	a.IAM.Roles.put(role.Name, role)
	return role
}

func (r *iamRole) linkedProps() props {
	return props{
		"awsServiceName": r.Service, "name": r.Name, "path": r.Path, "arn": r.ARN, "uniqueId": r.UniqueID, "createDate": r.Created,
		"description": orNil(r.Description), "tags": r.Tags,
	}
}

func (c *call) iamLinkedByARN(id string) *iamRole {
	if role := c.roleByARN(id); role != nil && role.Service != "" {
		return role
	}
	return nil
}

func iamReadLinkedRole(c *call, id string, _ props) (props, error) {
	role := c.iamLinkedByARN(id)
	if role == nil {
		return nil, errNotFound
	}
	return role.linkedProps(), nil
}

func iamUpdateLinkedRole(c *call, id string, _, in props) (props, error) {
	role := c.iamLinkedByARN(id)
	if role == nil {
		return nil, noSuchEntity("role", id)
	}
	if err := c.may("iam:UpdateRoleDescription", role.ARN); err != nil {
		return nil, err
	}
	role.Description, role.Tags = str(in, "description"), stringMap(in, "tags")
	return role.linkedProps(), nil
}

func iamDeleteLinkedRole(c *call, id string, _ props) error {
	role := c.iamLinkedByARN(id)
	if role == nil {
		return errNotFound
	}
	if err := c.may("iam:DeleteServiceLinkedRole", role.ARN); err != nil {
		return err
	}
	if use := c.linkedRoleUse(role.Service); use != "" {
		return refuse("FAILED", fmt.Sprintf("The deletion task of service-linked role %s failed: it is used by %s", role.Name, use),
			iamDoc+"API_GetServiceLinkedRoleDeletionStatus.html")
	}
	delete(c.IAM.Roles, role.Name)
	c.forget(role.ARN, role.UniqueID)
	return nil
}
