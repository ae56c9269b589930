"""Lists secrets as the Kubernetes client for Python does by itself, and prints how many there are."""

import sys

from kubernetes import client, config

if __name__ == "__main__":
    config.load_kube_config(sys.argv[1])
    listed = client.CoreV1Api().list_namespaced_secret(sys.argv[2])
    print(len(listed.items))
