package awssim

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/structpb"

	"github.com/seed-8894d46d/account-baseline/internal/policyeval"
)

// session is one configured provider instance.
type session struct {
	region      string
	caller      policyeval.Principal
	defaultTags map[string]string
}

// providerKinds are the configuration keys of the provider and their kinds.
var providerKinds = func() map[string]any {
	var file struct {
		Provider map[string]any `json:"provider"`
	}
	if err := json.Unmarshal(schemaJSON, &file); err != nil {
		panic("awssim: schema.json: " + err.Error())
	}
	return file.Provider
}()

// engineKeys are configuration keys that the engine or the SDK adds.
var engineKeys = map[string]bool{"version": true, "pluginDownloadURL": true, "__internal": true}

const configDoc = "https://www.pulumi.com/registry/packages/aws/installation-configuration/"

// readConfig decodes provider configuration. Values that are no strings travel as
// JSON text.
func readConfig(s *structpb.Struct) (props, []failure, error) {
	raw, _, err := decode(s)
	if err != nil {
		return nil, nil, err
	}
	var failures []failure
	out := props{}
	for _, key := range sortedKeys(raw) {
		v := raw[key]
		kind, known := providerKinds[key]
		switch {
		case engineKeys[key] || v == nil:
			continue
		case !known:
			failures = append(failures, failure{key, "unknown provider setting aws:" + key + ", see " + configDoc})
			continue
		}
		if text, ok := v.(string); ok && kind != "string" {
			var decoded any
			if err := json.Unmarshal([]byte(text), &decoded); err != nil {
				failures = append(failures, failure{key, "aws:" + key + " is not JSON text of the expected kind"})
				continue
			}
			v = decoded
		}
		out[key] = v
	}
	config := &typeSchema{Inputs: providerKinds}
	return out, append(failures, config.checkInputs(out)...), nil
}

// configuredRegion is the Region that the provider would use.
func configuredRegion(config props) string {
	for _, region := range []string{str(config, "region"), os.Getenv("AWS_REGION"), os.Getenv("AWS_DEFAULT_REGION")} {
		if region != "" {
			return region
		}
	}
	return ""
}

func (p *provider) CheckConfig(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	config, failures, err := readConfig(req.GetNews())
	if err != nil {
		return nil, err
	}
	if !hasUnknown(config["region"]) {
		switch region := configuredRegion(config); {
		case region == "":
			failures = append(failures, failure{"region", "Missing region configuration. Make sure you have set your AWS region, " +
				"e.g. `pulumi config set aws:region us-west-2`."})
		case !flag(config, "skipRegionValidation", false) && !knownRegion(region):
			failures = append(failures, failure{"region", fmt.Sprintf("Invalid AWS Region: %s", region)})
		}
	}
	res := &pulumirpc.CheckResponse{Inputs: req.GetNews()}
	for _, f := range failures {
		res.Failures = append(res.Failures, &pulumirpc.CheckFailure{Property: f.property, Reason: f.reason})
	}
	return res, nil
}

// DiffConfig reports changed settings. pulumi-aws never replaces a provider, not
// even when its Region changes.
func (p *provider) DiffConfig(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	old, _, err := readConfig(req.GetOldInputs())
	if err != nil {
		return nil, err
	}
	in, _, err := readConfig(req.GetNews())
	if err != nil {
		return nil, err
	}
	config := &typeSchema{Inputs: providerKinds}
	return diffResponse(config, old, in, diffInputs(config, old, in)), nil
}

func (p *provider) Configure(
	ctx context.Context, req *pulumirpc.ConfigureRequest,
) (*pulumirpc.ConfigureResponse, error) {
	config, failures, err := readConfig(req.GetArgs())
	if err != nil {
		return nil, err
	}
	if len(failures) > 0 {
		return nil, status.Errorf(codes.InvalidArgument, "%s: %s", failures[0].property, failures[0].reason)
	}
	s := sessionOf(ctx)
	s.caller = p.options.callerPrincipal()
	s.defaultTags = stringMap(object(config, "defaultTags"), "tags")
	s.region = configuredRegion(config)
	if err := p.signIn(s, config); err != nil {
		return nil, status.Errorf(codes.Unknown, "%v", err)
	}
	return &pulumirpc.ConfigureResponse{
		AcceptSecrets: true, AcceptResources: true, AcceptOutputs: true, SupportsPreview: true,
	}, nil
}

// signIn does what the provider does with its credentials before the first call:
// ask who it is, assume the role it is given, compare the account.
func (p *provider) signIn(s *session, config props) error {
	a := p.account
	a.mu.Lock()
	defer a.mu.Unlock()
	const regionsDoc = "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html"
	if s.region != "" && !a.regionEnabled(s.region) {
		return refuse("InvalidClientTokenId", fmt.Sprintf(
			"The security token included in the request is invalid: Region %s is not enabled in account %s of partition %s",
			s.region, a.ID, a.Partition), regionsDoc)
	}
	if role := str(object(config, "assumeRole"), "roleArn"); role != "" {
		if err := a.assumeRole(s.caller, p.options.MFA, role, str(object(config, "assumeRole"), "externalId")); err != nil {
			return err
		}
		s.caller = policyeval.Principal{ARN: role, Account: a.ID}
	}
	allowed, forbidden := strs(config, "allowedAccountIds"), strs(config, "forbiddenAccountIds")
	if len(allowed) > 0 && !slices.Contains(allowed, a.ID) || slices.Contains(forbidden, a.ID) {
		return fmt.Errorf("AWS account ID not allowed: %s", a.ID)
	}
	return nil
}

// tag merges the provider's default tags into the resource's tags, as pulumi-aws
// does while it checks the inputs; the resource's own tags win.
func (s *session) tag(schema *typeSchema, in props) {
	if _, taggable := schema.Inputs["tags"].(map[string]any); !taggable || len(s.defaultTags) == 0 || isUnknown(in["tags"]) {
		return
	}
	tags := props{}
	for k, v := range s.defaultTags {
		tags[k] = v
	}
	maps.Copy(tags, object(in, "tags"))
	in["tags"] = tags
}

// checkTags refuses tags that no AWS service takes.
// https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
func (s *typeSchema) checkTags(in props) []failure {
	if _, taggable := s.Inputs["tags"].(map[string]any); !taggable {
		return nil
	}
	var failures []failure
	tags := object(in, "tags")
	if len(tags) > 50 {
		failures = append(failures, failure{"tags", fmt.Sprintf("has %d tags; at most 50 are allowed", len(tags))})
	}
	for _, k := range sortedKeys(tags) {
		v, known := tags[k].(string)
		switch {
		case k == "" || len([]rune(k)) > 128:
			failures = append(failures, failure{"tags." + k, "a tag key has 1 to 128 characters"})
		case strings.HasPrefix(strings.ToLower(k), "aws:"):
			failures = append(failures, failure{"tags." + k, "the prefix aws: is reserved for AWS"})
		case known && len([]rune(v)) > 256:
			failures = append(failures, failure{"tags." + k, "a tag value has at most 256 characters"})
		}
	}
	return failures
}
