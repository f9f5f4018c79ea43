package awssim

import (
	"context"
	"fmt"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// invokes are the functions that a program can call, by token.
var invokes = map[string]func(c *call, s *session, args props) (props, error){
	"aws:index/getCallerIdentity:getCallerIdentity":       callerIdentity,
	"aws:index/getRegion:getRegion":                       currentRegion,
	"aws:index/getPartition:getPartition":                 currentPartition,
	"aws:index/getRegions:getRegions":                     listRegions,
	"aws:index/getDefaultTags:getDefaultTags":             defaultTags,
	"aws:iam/getSessionContext:getSessionContext":         sessionContext,
	"aws:iam/getRole:getRole":                             lookupRole,
	"aws:organizations/getOrganization:getOrganization":   lookupOrganization,
	"aws:ec2/getVpc:getVpc":                               lookupVPC,
	"aws:ec2/getVpcs:getVpcs":                             listVPCs,
	"aws:ec2/getSecurityGroup:getSecurityGroup":           lookupSecurityGroup,
	"aws:ec2/getSecurityGroups:getSecurityGroups":         listSecurityGroups,
	"aws:ec2/getNetworkInterfaces:getNetworkInterfaces":   listNetworkInterfaces,
	"aws:vpc/getSecurityGroupRules:getSecurityGroupRules": listSecurityGroupRules,
	"aws:vpc/getSecurityGroupRule:getSecurityGroupRule":   lookupSecurityGroupRule,
}

func (p *provider) Invoke(ctx context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	fn, ok := invokes[req.GetTok()]
	if !ok {
		return nil, status.Errorf(codes.Unimplemented, "the simulated account does not know the function %s", req.GetTok())
	}
	args, _, err := decode(req.GetArgs())
	if err != nil {
		return nil, err
	}
	s := sessionOf(ctx)
	p.account.mu.Lock()
	defer p.account.mu.Unlock()
	c := &call{Account: p.account, Region: s.region, Caller: s.caller, MFA: p.options.MFA}
	out, err := fn(c, s, args)
	if err != nil {
		return nil, status.Errorf(codes.Unknown, "%v", err)
	}
	ret, err := encode(out, nil)
	return &pulumirpc.InvokeResponse{Return: ret}, err
}

func callerIdentity(c *call, _ *session, _ props) (props, error) {
	arn, userID := c.Caller.ARN, c.ID
	if role := c.roleByARN(arn); role != nil {
		// STS leaves out the path of a role.
		arn = c.arn("sts", "", c.ID, "assumed-role/"+role.Name+"/"+sessionName)
		userID = role.UniqueID + ":" + sessionName
	} else if user := c.userByARN(arn); user != nil {
		userID = user.UniqueID
	}
	return props{"id": c.ID, "accountId": c.ID, "arn": arn, "userId": userID}, nil
}

// sessionName is the role session that the caller's credentials belong to.
const sessionName = "pulumi"

func currentRegion(c *call, _ *session, args props) (props, error) {
	region := strOr(args, "name", c.Region)
	if !knownRegion(region) {
		return nil, refuse("InvalidParameterValue", fmt.Sprintf("invalid Region: %s", region),
			"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html")
	}
	return props{
		"id": region, "name": region, "description": region,
		"endpoint": "ec2." + region + "." + c.dnsSuffix(),
	}, nil
}

func currentPartition(c *call, _ *session, _ props) (props, error) {
	return props{"id": c.Partition, "partition": c.Partition, "dnsSuffix": c.dnsSuffix(), "reverseDnsPrefix": partitions[c.Partition].reverseDNS}, nil
}

// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html
func listRegions(c *call, _ *session, args props) (props, error) {
	if err := c.may("ec2:DescribeRegions", anyResource); err != nil {
		return nil, err
	}
	statusOf := map[string]string{}
	p := partitions[c.Partition]
	for _, r := range p.enabled {
		statusOf[r] = "opt-in-not-required"
	}
	for _, r := range p.optIn {
		if c.regionEnabled(r) {
			statusOf[r] = "opted-in"
		} else if flag(args, "allRegions", false) {
			statusOf[r] = "not-opted-in"
		}
	}
	names := sortedKeys(statusOf)
	for _, filter := range objects(args, "filters") {
		values := strs(filter, "values")
		var of func(region string) string
		switch str(filter, "name") {
		case "opt-in-status":
			of = func(region string) string { return statusOf[region] }
		case "region-name":
			of = func(region string) string { return region }
		case "endpoint":
			of = func(region string) string { return "ec2." + region + "." + c.dnsSuffix() }
		default:
			return nil, refuse("InvalidParameterValue", fmt.Sprintf("The filter '%s' is invalid", str(filter, "name")),
				"https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeRegions.html")
		}
		names = slices.DeleteFunc(names, func(r string) bool { return !slices.Contains(values, of(r)) })
	}
	return props{"id": c.Partition, "names": names, "allRegions": args["allRegions"], "filters": args["filters"]}, nil
}

func defaultTags(_ *call, s *session, _ props) (props, error) {
	return props{"id": "default", "tags": s.defaultTags}, nil
}

// sessionContext answers as the provider does: the role behind an assumed-role
// session with its path, anything else unchanged.
func sessionContext(c *call, _ *session, args props) (props, error) {
	arn := str(args, "arn")
	out := props{"id": arn, "arn": arn, "issuerArn": arn, "issuerId": "", "issuerName": "", "sessionName": ""}
	prefix := c.arn("sts", "", c.ID, "assumed-role/")
	rest, assumed := strings.CutPrefix(arn, prefix)
	if !assumed {
		return out, nil
	}
	name, session, _ := strings.Cut(rest, "/")
	role := c.IAM.Roles[name]
	if role == nil {
		return nil, noSuchEntity("role", name)
	}
	if err := c.may("iam:GetRole", role.ARN); err != nil {
		return nil, err
	}
	out["issuerArn"], out["issuerId"], out["issuerName"], out["sessionName"] = role.ARN, role.UniqueID, role.Name, session
	return out, nil
}

func lookupRole(c *call, _ *session, args props) (props, error) {
	role := c.IAM.Roles[str(args, "name")]
	if role == nil {
		return nil, noSuchEntity("role", str(args, "name"))
	}
	if err := c.may("iam:GetRole", role.ARN); err != nil {
		return nil, err
	}
	return props{
		"id": role.Name, "name": role.Name, "arn": role.ARN, "path": role.Path, "uniqueId": role.UniqueID,
		"assumeRolePolicy": role.TrustPolicy, "createDate": role.Created, "description": role.Description,
		"maxSessionDuration": role.MaxSession, "permissionsBoundary": role.Boundary, "tags": role.Tags,
	}, nil
}

// https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html
func lookupOrganization(c *call, _ *session, _ props) (props, error) {
	if err := c.may("organizations:DescribeOrganization", anyResource); err != nil {
		return nil, err
	}
	o := c.Settings.Organization
	if o == nil {
		return nil, refuse("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.",
			"https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html")
	}
	out := props{
		"id": o.ID, "arn": c.arn("organizations", "", o.ManagementAccount, "organization/"+o.ID), "featureSet": "ALL",
		"masterAccountId":    o.ManagementAccount,
		"masterAccountArn":   c.arn("organizations", "", o.ManagementAccount, "account/"+o.ID+"/"+o.ManagementAccount),
		"masterAccountEmail": "management@example.com", "masterAccountName": "management",
	}
	if c.ID != o.ManagementAccount && !slices.Contains(o.CloudTrailAdministrators, c.ID) {
		return out, nil // members see no more
	}
	principals := []string{}
	if o.CloudTrailAccess {
		principals = append(principals, cloudtrailService)
	}
	accounts := []any{}
	members := []any{}
	for _, id := range o.Accounts {
		account := props{
			"id": id, "arn": c.arn("organizations", "", o.ManagementAccount, "account/"+o.ID+"/"+id),
			"email": id + "@example.com", "name": id, "status": "ACTIVE",
		}
		accounts = append(accounts, account)
		if id != o.ManagementAccount {
			members = append(members, account)
		}
	}
	out["accounts"], out["nonMasterAccounts"], out["awsServiceAccessPrincipals"] = accounts, members, principals
	out["enabledPolicyTypes"], out["roots"] = []any{}, []any{}
	return out, nil
}
