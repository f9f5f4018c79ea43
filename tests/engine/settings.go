package engine

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/config"
)

// projectName is the namespace of the program's settings.
const projectName = "account-baseline"

// Settings are a stack's settings as in the config section of its file, or a part of them. A key without a colon is one
// of the program's own.
type Settings map[string]any

// Secret is a setting that `pulumi config set --secret` has encrypted.
type Secret string

// With returns the settings changed by others: objects are merged, everything else is replaced, nil removes a key.
func (s Settings) With(changes Settings) Settings {
	merged := maps.Clone(s)
	if merged == nil {
		merged = Settings{}
	}
	for key, change := range changes {
		inner, isObject := change.(Settings)
		before, wasObject := merged[key].(Settings)
		switch {
		case change == nil:
			delete(merged, key)
		case isObject && wasObject:
			merged[key] = before.With(inner)
		case isObject:
			merged[key] = Settings{}.With(inner)
		default:
			merged[key] = change
		}
	}
	return merged
}

// MarshalJSON writes the secret as an encrypted value is written in the stack's file.
func (s Secret) MarshalJSON() ([]byte, error) {
	ciphertext, err := crypter.EncryptValue(background, string(s))
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]string{"secure": ciphertext})
}

// stackConfig is what the CLI reads from the stack's file.
func (s Settings) stackConfig() (config.Map, error) {
	full := map[string]any{}
	for key, value := range s {
		if !strings.Contains(key, ":") {
			key = projectName + ":" + key
		}
		full[key] = value
	}
	text, err := json.Marshal(full)
	if err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	stackConfig := config.Map{}
	if err := json.Unmarshal(text, &stackConfig); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	return stackConfig, nil
}
