// Checks documents against the schemas that their makers publish: GitHub's own of a workflow, by GitHub's own parser, and that
// of the Kubernetes API. Each line of the input is an object with the kind, the name and the text of a document; each line of
// the output is the list of what is wrong with it.
import { register } from 'node:module';
import { createInterface } from 'node:readline';
import YAML from 'yaml';

// The parser is meant for bundlers: it imports JSON without saying so, which Node refuses.
register('data:text/javascript,' + encodeURIComponent(`
    export const load = (url, context, next) =>
        next(url, url.endsWith('.json') ? { ...context, importAttributes: { type: 'json' } } : context);`));
const { convertWorkflowTemplate, NoOperationTraceWriter, parseWorkflow } = await import('@actions/workflow-parser');

async function checkWorkflow(name, text) {
    const { context, value } = parseWorkflow({ name, content: text }, new NoOperationTraceWriter());
    if (value) {
        await convertWorkflowTemplate(context, value);
    }
    return context.errors.getErrors().map(error => error.message);
}

async function checkKubernetes(name, text) {
    const findings = [];
    for (const document of YAML.parseAllDocuments(text)) {
        findings.push(...document.errors.map(error => error.message));
        const object = document.toJS();
        try {
            const { [object.kind]: Kind } = await import(`kubernetes-models/${object.apiVersion}`);
            new Kind(object).validate();
        } catch (error) {
            findings.push(`${name}, ${object?.kind} ${object?.metadata?.name}: ${error.message}`);
        }
    }
    return findings;
}

const checks = { workflow: checkWorkflow, kubernetes: checkKubernetes };
for await (const line of createInterface({ input: process.stdin })) {
    const { kind, name, text } = JSON.parse(line);
    console.log(JSON.stringify(await checks[kind](name, text)));
}
