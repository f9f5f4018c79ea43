package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/seed-8894d46d/account-baseline/components/internal/partition"
	"github.com/seed-8894d46d/account-baseline/components/settings/internal/schema"
)

// credentials are the provider's arguments that are secrets by nature.
var credentials = []string{"accessKey", "secretKey", "token"}

// structured are the provider's arguments that have keys of their own, with the type that holds them.
var structured = map[string]reflect.Type{
	"assumeRole":                reflect.TypeFor[aws.ProviderAssumeRoleArgs](),
	"assumeRoleWithWebIdentity": reflect.TypeFor[aws.ProviderAssumeRoleWithWebIdentityArgs](),
	"defaultTags":               reflect.TypeFor[aws.ProviderDefaultTagsArgs](),
	"ignoreTags":                reflect.TypeFor[aws.ProviderIgnoreTagsArgs](),
	"endpoints":                 reflect.TypeFor[aws.ProviderEndpointArgs](),
}

// providerKeys are the names of the provider's settings, from the type of its arguments.
func providerKeys() []string {
	return slices.Sorted(maps.Keys(fieldsByKey(reflect.TypeFor[aws.ProviderArgs]())))
}

// fieldsByKey maps the keys of an arguments type to the indexes of its fields. The plain twin of the type carries the
// keys as tags; the arguments type spells each field the same way with a capital.
func fieldsByKey(t reflect.Type) map[string]int {
	keys := map[string]int{}
	for i := range t.NumField() {
		name := t.Field(i).Name
		key := t.Field(i).Tag.Get("pulumi")
		if key == "" {
			key = strings.ToLower(name[:1]) + name[1:]
		}
		keys[key] = i
	}
	return keys
}

// readHome finds the home Region the way the provider does.
func readHome(c *config) (string, []schema.Problem) {
	home := c.values["aws:region"].Text
	for _, variable := range []string{"AWS_REGION", "AWS_DEFAULT_REGION"} {
		if home == "" {
			home = os.Getenv(variable)
		}
	}
	if home == "" {
		return "", []schema.Problem{{Path: "aws:region", Text: "is not set; set the home Region: pulumi config set aws:region REGION, such as ap-northeast-1"}}
	}
	if _, ok := partition.Of(home); !ok {
		return home, []schema.Problem{{Path: "aws:region", Text: fmt.Sprintf("%q is not a Region%s", home, schema.Suggestion(home, partition.RegionNames()))}}
	}
	return home, nil
}

// readProvider reads the settings of the AWS provider into its arguments, all but the Region.
func readProvider(c *config) (aws.ProviderArgs, []schema.Problem) {
	var args aws.ProviderArgs
	var problems []schema.Problem
	fields := fieldsByKey(reflect.TypeFor[aws.ProviderArgs]())
	given := c.under("aws")
	for _, name := range slices.Sorted(maps.Keys(given)) {
		v := given[name]
		i, ok := fields[name]
		if !ok {
			problems = append(problems, schema.Problem{Path: "aws:" + name, Text: "the AWS provider has no such setting, so it cannot be forwarded to the providers of other Regions" + schema.Suggestion(name, providerKeys())})
			continue
		}
		if v.Text == "" {
			continue
		}
		field := reflect.ValueOf(&args).Elem().Field(i)
		problem := fill(field, name, v)
		if problem != "" {
			problems = append(problems, schema.Problem{Path: "aws:" + name, Text: problem})
		}
	}
	return args, problems
}

// fill sets one argument of the provider.
func fill(field reflect.Value, name string, v schema.Given) string {
	secret := v.Secret || slices.Contains(credentials, name)
	value, problem := providerValue(field.Type(), name, v.Text)
	if problem != "" {
		return problem
	}
	if secret {
		value = pulumi.ToSecret(value)
	}
	field.Set(reflect.ValueOf(value))
	return ""
}

func providerValue(t reflect.Type, name, text string) (any, string) {
	switch t {
	case reflect.TypeFor[pulumi.StringPtrInput]():
		return pulumi.String(text), ""
	case reflect.TypeFor[pulumi.BoolPtrInput]():
		b, err := strconv.ParseBool(text)
		if err != nil {
			return nil, "is not a switch; true or false is needed"
		}
		return pulumi.Bool(b), ""
	case reflect.TypeFor[pulumi.IntPtrInput]():
		n, err := strconv.Atoi(text)
		if err != nil {
			return nil, "is not a whole number"
		}
		return pulumi.Int(n), ""
	}
	var raw any
	d := json.NewDecoder(bytes.NewBufferString(text))
	d.UseNumber()
	if err := d.Decode(&raw); err != nil {
		return nil, "is not a structured value; set its keys with: pulumi config set --path " + exampleOf(name)
	}
	return structuredValue(t, name, raw)
}

func exampleOf(name string) string {
	if of, ok := structured[name]; ok && name != "endpoints" {
		return "aws:" + name + "." + slices.Sorted(maps.Keys(fieldsByKey(of)))[0] + " VALUE"
	}
	return "'aws:" + name + "[0]' VALUE"
}

func structuredValue(t reflect.Type, name string, raw any) (any, string) {
	switch {
	case t == reflect.TypeFor[pulumi.StringArrayInput]():
		return texts(raw)
	case t == reflect.TypeFor[pulumi.StringMapInput]():
		return textMap(raw)
	case name == "endpoints":
		list, ok := raw.([]any)
		if !ok {
			return nil, "is not a list"
		}
		var endpoints aws.ProviderEndpointArray
		for _, e := range list {
			v, problem := record(structured[name], e)
			if problem != "" {
				return nil, problem
			}
			endpoints = append(endpoints, v.(aws.ProviderEndpointInput))
		}
		return endpoints, ""
	}
	return record(structured[name], raw)
}

// record fills an arguments type from a JSON object, strictly.
func record(t reflect.Type, raw any) (any, string) {
	object, ok := raw.(map[string]any)
	if !ok {
		return nil, "is not a set of keys with values"
	}
	fields := fieldsByKey(t)
	args := reflect.New(t).Elem()
	for _, key := range slices.Sorted(maps.Keys(object)) {
		i, ok := fields[key]
		if !ok {
			return nil, fmt.Sprintf("has the unknown key %s%s", key, schema.Suggestion(key, slices.Sorted(maps.Keys(fields))))
		}
		if object[key] == nil {
			continue
		}
		v, problem := member(args.Field(i).Type(), object[key])
		if problem != "" {
			return nil, fmt.Sprintf("its key %s %s", key, problem)
		}
		args.Field(i).Set(reflect.ValueOf(v))
	}
	return args.Interface(), ""
}

func member(t reflect.Type, raw any) (any, string) {
	switch t {
	case reflect.TypeFor[pulumi.StringArrayInput]():
		return texts(raw)
	case reflect.TypeFor[pulumi.StringMapInput]():
		return textMap(raw)
	}
	s, ok := raw.(string)
	if !ok {
		return nil, "is not a text"
	}
	return pulumi.String(s), ""
}

func texts(raw any) (any, string) {
	list, ok := raw.([]any)
	if !ok {
		return nil, "is not a list"
	}
	var out pulumi.StringArray
	for _, e := range list {
		s, ok := scalar(e)
		if !ok {
			return nil, "is not a list of texts"
		}
		out = append(out, pulumi.String(s))
	}
	return out, ""
}

func textMap(raw any) (any, string) {
	object, ok := raw.(map[string]any)
	if !ok {
		return nil, "is not a set of names with texts"
	}
	out := pulumi.StringMap{}
	for name, e := range object {
		s, ok := scalar(e)
		if !ok {
			return nil, "is not a set of names with texts"
		}
		out[name] = pulumi.String(s)
	}
	return out, ""
}

// scalar takes numbers for texts too: `pulumi config set --path` makes numbers of account ids.
func scalar(raw any) (string, bool) {
	switch v := raw.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// defaultTagNames are the names in aws:defaultTags; they are empty when that is malformed, which is reported elsewhere.
func defaultTagNames(c *config) []string {
	var tags struct {
		Tags map[string]any `json:"tags"`
	}
	if json.Unmarshal([]byte(c.values["aws:defaultTags"].Text), &tags) != nil {
		return nil
	}
	return slices.Collect(maps.Keys(tags.Tags))
}
