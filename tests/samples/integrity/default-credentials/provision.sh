#!/bin/bash
useradd -m -p '$1$kd8sWq2l$8gQHtfLyo19PwT59lg7zv0' service
