// A bare HTTP server around Bifrost's core: POST /v1/chat/completions, streamed, with a fallback.
// The core is a library; its own HTTP server is not a Go module of its own.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"

	bifrost "github.com/maximhq/bifrost/core"
	"github.com/maximhq/bifrost/core/schemas"
)

const backup = schemas.ModelProvider("backup")

type route struct {
	Primary string `json:"primary"`
	Backup  string `json:"backup"`
}

type config struct {
	PrimaryURL     string           `json:"primaryUrl"`
	BackupURL      string           `json:"backupUrl"`
	TimeoutSeconds int              `json:"timeoutSeconds"`
	Routes         map[string]route `json:"routes"`
}

type account struct{ config config }

func (a *account) GetConfiguredProviders() ([]schemas.ModelProvider, error) {
	return []schemas.ModelProvider{schemas.OpenAI, backup}, nil
}

func (a *account) GetKeysForProvider(_ *context.Context, _ schemas.ModelProvider) ([]schemas.Key, error) {
	return []schemas.Key{{ID: "any", Value: "any", Weight: 1}}, nil
}

func (a *account) GetConfigForProvider(provider schemas.ModelProvider) (*schemas.ProviderConfig, error) {
	network := schemas.DefaultNetworkConfig
	if a.config.TimeoutSeconds > 0 {
		network.DefaultRequestTimeoutInSeconds = a.config.TimeoutSeconds
	}
	result := &schemas.ProviderConfig{ConcurrencyAndBufferSize: schemas.DefaultConcurrencyAndBufferSize}
	network.BaseURL = a.config.PrimaryURL
	if provider == backup {
		network.BaseURL = a.config.BackupURL
		result.CustomProviderConfig = &schemas.CustomProviderConfig{BaseProviderType: schemas.OpenAI}
	}
	result.NetworkConfig = network
	return result, nil
}

type body struct {
	Model    string                `json:"model"`
	Messages []schemas.ChatMessage `json:"messages"`
	schemas.ChatParameters
}

func failure(w http.ResponseWriter, err *schemas.BifrostError) {
	status := http.StatusBadGateway
	if err.StatusCode != nil && *err.StatusCode >= 400 {
		status = *err.StatusCode
	}
	w.Header().Set("content-type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(err)
}

func chat(client *bifrost.Bifrost, routes map[string]route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in body
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		to, known := routes[in.Model]
		if !known {
			http.Error(w, "no such model", http.StatusNotFound)
			return
		}
		stream, failed := client.ChatCompletionStreamRequest(r.Context(), &schemas.BifrostChatRequest{
			Provider:  schemas.OpenAI,
			Model:     to.Primary,
			Input:     in.Messages,
			Params:    &in.ChatParameters,
			Fallbacks: []schemas.Fallback{{Provider: backup, Model: to.Backup}},
		})
		if failed != nil {
			failure(w, failed)
			return
		}
		w.Header().Set("content-type", "text/event-stream")
		flush := w.(http.Flusher).Flush
		for chunk := range stream {
			data, err := json.Marshal(chunk)
			if err != nil {
				return
			}
			fmt.Fprintf(w, "data: %s\n\n", data)
			flush()
			if chunk.BifrostError != nil {
				return
			}
		}
		fmt.Fprint(w, "data: [DONE]\n\n")
	}
}

func main() {
	var settings config
	text, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = json.Unmarshal(text, &settings)
	}
	if err != nil {
		log.Fatal(err)
	}
	client, err := bifrost.Init(context.Background(), schemas.BifrostConfig{
		Account: &account{settings},
		Logger:  bifrost.NewDefaultLogger(schemas.LogLevelError),
	})
	if err != nil {
		log.Fatal(err)
	}
	port, _ := strconv.Atoi(os.Args[2])
	http.HandleFunc("POST /v1/chat/completions", chat(client, settings.Routes))
	log.Fatal(http.ListenAndServe(fmt.Sprintf("127.0.0.1:%d", port), nil))
}
