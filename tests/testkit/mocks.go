package testkit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// recorder implements pulumi.MockResourceMonitor. Registrations and invokes arrive concurrently.
type recorder struct{ *Deployment }

var _ pulumi.MockResourceMonitor = (*recorder)(nil)

const providerType = "pulumi:providers:aws"

// NewResource records a registration and answers the outputs AWS would give; in preview only what the inputs say.
func (d *recorder) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	r, err := d.record(args)
	if err != nil {
		return "", nil, err
	}
	d.resources = append(d.resources, r)
	d.byURN[r.URN] = r
	if !r.Custom {
		return "", resource.PropertyMap{}, nil
	}
	state := args.Inputs.Copy()
	if d.Options.DryRun {
		return "", state, nil
	}
	id, outputs := d.outputs(r)
	for key, value := range outputs {
		state[resource.PropertyKey(key)] = resource.NewPropertyValue(value)
	}
	r.ID, r.Outputs = id, outputs
	return id, state, nil
}

func (d *recorder) record(args pulumi.MockResourceArgs) (*Resource, error) {
	r := &Resource{Type: args.TypeToken, Name: args.Name, Custom: args.Custom, ImportID: args.ID}
	if args.ReadRPC != nil {
		r.Custom, r.Read = true, true
		r.Parent, r.Provider = args.ReadRPC.GetParent(), providerURN(args.ReadRPC.GetProvider())
		r.Inputs, r.Secrets, _ = plain(args.Inputs)
	} else {
		rpc := args.RegisterRPC
		inputs, err := plugin.UnmarshalProperties(rpc.GetObject(), plugin.MarshalOptions{
			KeepUnknowns: true, KeepSecrets: true, KeepResources: true,
		})
		if err != nil {
			return nil, fmt.Errorf("reading the inputs of %s: %w", args.Name, err)
		}
		r.Inputs, r.Secrets, r.Unknowns = plain(inputs)
		r.Parent, r.Provider = rpc.GetParent(), providerURN(rpc.GetProvider())
		r.Providers = map[string]string{}
		for pkg, ref := range rpc.GetProviders() {
			r.Providers[pkg] = providerURN(ref)
		}
		r.Protect, r.RetainOnDelete = rpc.GetProtect(), rpc.GetRetainOnDelete()
		r.DeleteBeforeReplace = rpc.GetDeleteBeforeReplace()
		r.IgnoreChanges, r.AdditionalSecretOutputs = rpc.GetIgnoreChanges(), rpc.GetAdditionalSecretOutputs()
		r.Dependencies = rpc.GetDependencies()
		for _, alias := range rpc.GetAliases() {
			if alias.GetUrn() != "" {
				r.Aliases = append(r.Aliases, alias.GetUrn())
			} else {
				r.Aliases = append(r.Aliases, alias.GetSpec().GetName())
			}
		}
		r.Aliases = append(r.Aliases, rpc.GetAliasURNs()...)
	}
	r.URN = string(resource.NewURN(tokens.QName(d.Options.Stack), tokens.PackageName(d.Options.Project),
		qualifiedType(r.Parent), tokens.Type(args.TypeToken), args.Name))
	r.Region = d.regionOf(r.Provider)
	if r.Type == providerType {
		r.Region, _ = r.Inputs["region"].(string)
	}
	return r, nil
}

// providerURN takes the id off a provider reference, URN::ID.
func providerURN(reference string) string {
	if i := strings.LastIndex(reference, "::"); i >= 0 {
		return reference[:i]
	}
	return reference
}

func (d *recorder) regionOf(provider string) string {
	if p := d.byURN[provider]; p != nil && p.Region != "" {
		return p.Region
	}
	return d.Options.Region
}

// Call answers the invokes that tell a program where it is.
func (d *recorder) Call(args pulumi.MockCallArgs) (resource.PropertyMap, error) {
	d.mutex.Lock()
	defer d.mutex.Unlock()
	inputs, _, _ := plain(args.Args)
	invoke := Invoke{Token: args.Token, Args: inputs, Provider: providerURN(args.Provider)}
	invoke.Region = d.regionOf(invoke.Provider)
	d.invokes = append(d.invokes, invoke)
	answer, known := invokes[args.Token]
	if !known {
		return nil, fmt.Errorf("testkit has no answer to %s; add one to invokes", args.Token)
	}
	return resource.NewPropertyMapFromMap(answer(d.Options, invoke)), nil
}

var invokes = map[string]func(o Options, asked Invoke) map[string]any{
	"aws:index/getCallerIdentity:getCallerIdentity": func(o Options, _ Invoke) map[string]any {
		return map[string]any{"accountId": o.Account, "arn": o.Caller, "id": o.Account, "userId": "AROAEXAMPLE:ci"}
	},
	"aws:index/getPartition:getPartition": func(o Options, _ Invoke) map[string]any {
		suffix := suffixOf(o.Partition)
		return map[string]any{
			"partition": o.Partition, "id": o.Partition, "dnsSuffix": suffix, "reverseDnsPrefix": "com.amazonaws",
		}
	},
	"aws:index/getRegion:getRegion": func(_ Options, asked Invoke) map[string]any {
		return map[string]any{"name": asked.Region, "id": asked.Region, "description": asked.Region, "endpoint": "ec2." + asked.Region + ".amazonaws.com"}
	},
	"aws:index/getRegions:getRegions": func(o Options, _ Invoke) map[string]any {
		names := make([]any, len(o.EnabledRegions))
		for i, name := range o.EnabledRegions {
			names[i] = name
		}
		return map[string]any{"names": names, "id": o.Partition}
	},
	// Every Region has a default VPC, whose id ends with the Region's place in the partition.
	"aws:ec2/getVpcs:getVpcs": func(o Options, asked Invoke) map[string]any {
		place := slices.Index(o.EnabledRegions, asked.Region)
		return map[string]any{"id": asked.Region, "ids": []any{fmt.Sprintf("vpc-%017x", place)}}
	},
	// Every VPC has a default security group, whose id ends as the VPC's, with AWS's own rules.
	"aws:ec2/getSecurityGroup:getSecurityGroup": func(_ Options, asked Invoke) map[string]any {
		return map[string]any{"id": "sg-" + strings.TrimPrefix(firstFilter(asked), "vpc-")}
	},
	"aws:vpc/getSecurityGroupRules:getSecurityGroupRules": func(_ Options, asked Invoke) map[string]any {
		group := strings.TrimPrefix(firstFilter(asked), "sg-")
		return map[string]any{"id": asked.Region, "ids": []any{"sgr-in-" + group, "sgr-out-" + group}}
	},
	"aws:vpc/getSecurityGroupRule:getSecurityGroupRule": func(_ Options, asked Invoke) map[string]any {
		rule := map[string]any{"ipProtocol": "-1", "fromPort": -1, "toPort": -1, "cidrIpv4": "", "cidrIpv6": "", "prefixListId": "", "referencedSecurityGroupId": ""}
		id, _ := asked.Args["securityGroupRuleId"].(string)
		group, inward := strings.CutPrefix(id, "sgr-in-")
		if inward {
			rule["referencedSecurityGroupId"] = "sg-" + group
		} else {
			rule["cidrIpv4"] = "0.0.0.0/0"
		}
		rule["isEgress"] = !inward
		return rule
	},
	// Who uses a group is found in the first Region of the partition.
	"aws:ec2/getNetworkInterfaces:getNetworkInterfaces": func(o Options, asked Invoke) map[string]any {
		ids := []any{}
		if asked.Region == o.EnabledRegions[0] {
			ids = append(ids, "eni-0123456789abcdef0")
		}
		return map[string]any{"id": asked.Region, "ids": ids}
	},
}

// firstFilter is the first value of the first filter of a question.
func firstFilter(asked Invoke) string {
	filters, _ := asked.Args["filters"].([]any)
	first, _ := filters[0].(map[string]any)
	values, _ := first["values"].([]any)
	value, _ := values[0].(string)
	return value
}
