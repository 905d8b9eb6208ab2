// SPDX-License-Identifier: Apache-2.0
// Stands for all test programs where their headers are precompiled.
int main() {}
