_rigplan() {
    local i cur prev opts cmd
    COMPREPLY=()
    if [[ "${BASH_VERSINFO[0]}" -ge 4 ]]; then
        cur="$2"
    else
        cur="${COMP_WORDS[COMP_CWORD]}"
    fi
    prev="$3"
    cmd=""
    opts=""

    for i in "${COMP_WORDS[@]:0:COMP_CWORD}"
    do
        case "${cmd},${i}" in
            ",$1")
                cmd="rigplan"
                ;;
            rigplan,build)
                cmd="rigplan__subcmd__build"
                ;;
            rigplan,cards)
                cmd="rigplan__subcmd__cards"
                ;;
            rigplan,compare)
                cmd="rigplan__subcmd__compare"
                ;;
            rigplan,compare-log)
                cmd="rigplan__subcmd__compare__subcmd__log"
                ;;
            rigplan,detect)
                cmd="rigplan__subcmd__detect"
                ;;
            rigplan,diagnose)
                cmd="rigplan__subcmd__diagnose"
                ;;
            rigplan,estimate)
                cmd="rigplan__subcmd__estimate"
                ;;
            rigplan,explain)
                cmd="rigplan__subcmd__explain"
                ;;
            rigplan,export)
                cmd="rigplan__subcmd__export"
                ;;
            rigplan,import)
                cmd="rigplan__subcmd__import"
                ;;
            rigplan,launch)
                cmd="rigplan__subcmd__launch"
                ;;
            rigplan,models)
                cmd="rigplan__subcmd__models"
                ;;
            rigplan,runs)
                cmd="rigplan__subcmd__runs"
                ;;
            rigplan__subcmd__cards,list)
                cmd="rigplan__subcmd__cards__subcmd__list"
                ;;
            rigplan__subcmd__models,list)
                cmd="rigplan__subcmd__models__subcmd__list"
                ;;
            rigplan__subcmd__models,local)
                cmd="rigplan__subcmd__models__subcmd__local"
                ;;
            *)
                ;;
        esac
    done

    case "${cmd}" in
        rigplan)
            opts="-V -h --lang --version --help estimate cards build compare models runs explain export import launch diagnose compare-log detect"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 1 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__build)
            opts="-h --budget --tier --tiers --goal --least-decode --quant --plan --today --own --lock --circuit --new --used --quiet --json --markdown --hours-per-day --months --usd-per-kwh --resale-share --idle-watts --work-watts --api-usd-per-million --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --budget)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --tier)
                    COMPREPLY=($(compgen -W "starter team enterprise" -- "${cur}"))
                    return 0
                    ;;
                --goal)
                    COMPREPLY=($(compgen -W "run largest mixture tokens users" -- "${cur}"))
                    return 0
                    ;;
                --least-decode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --quant)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --plan)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --own)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lock)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --circuit)
                    COMPREPLY=($(compgen -W "us-120v-15a us-120v-20a us-240v-30a eu-230v-16a eu-cee-16a uk-230v-13a cn-220v-10a cn-220v-16a jp-100v-15a" -- "${cur}"))
                    return 0
                    ;;
                --hours-per-day)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --months)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --usd-per-kwh)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --resale-share)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --idle-watts)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --work-watts)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --api-usd-per-million)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__cards)
            opts="-h --plan --today --json --budget --maker --memory --new --used --single --no-spare --native --priced --least-speed --name --sort --help --lang list"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --plan)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --budget)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --maker)
                    COMPREPLY=($(compgen -W "nvidia amd intel apple huawei cambricon" -- "${cur}"))
                    return 0
                    ;;
                --memory)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --least-speed)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sort)
                    COMPREPLY=($(compgen -W "price verdict name free speed prefill first-token per-token worth power" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__cards__subcmd__list)
            opts="-h --json --budget --maker --memory --new --used --single --no-spare --native --priced --least-speed --name --sort --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --budget)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --maker)
                    COMPREPLY=($(compgen -W "nvidia amd intel apple huawei cambricon" -- "${cur}"))
                    return 0
                    ;;
                --memory)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --least-speed)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --name)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sort)
                    COMPREPLY=($(compgen -W "price verdict name free speed prefill first-token per-token worth power" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__compare)
            opts="-h --today --base --json --markdown --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --base)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__compare__subcmd__log)
            opts="-h --plan --running --pid --today --keep --json --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --plan)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pid)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__detect)
            opts="-h --json --watch --measure --disk --save --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --disk)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --save)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__diagnose)
            opts="-h --plan --today --json --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --plan)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__estimate)
            opts="-h --today --json --ways --jsonl --model --quant --runtime --runtime-version --task --also --backend --context --sequences --kv-cache --kv-cache-v --speculative --draft-tokens --draft-quant --vision --prompt-tokens --depth --unified-kv --flash-attention --ubatch --logits --swa-full --prompt-cache-gib --gpu-layers --cpu-experts --split-mode --main-gpu --tensor-split --override-tensors --tensor-parallel --gpu-memory-utilization --max-num-seqs --max-batched-tokens --enforce-eager --max-loras --max-lora-rank --pipeline-parallel --data-parallel --sequence-length --micro-batch --gradient-accumulation --lora-rank --zero-stage --dataset-tokens --epochs --loader-workers --checkpoints-kept --optimizer --precision --attention --lora-targets --loss --sharding --offload --checkpointing --reentrant-checkpointing --selective-checkpointing --dropout --padding-mask --base-quant --quantized-experts --double-quantization --offload-checkpoints --sequence-parallel --dataset-in-ram --card --cards --card-memory-gib --machine --power-limit-w --unified-gib --nvlink --boxes --box-link --screen --owned --ram-gib --ram-gb-s --platform --pcie-gen --pcie-lanes --disk-gb-s --os --largest --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --model)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --quant)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --runtime-version)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --task)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --also)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --backend)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --context)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sequences)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --kv-cache)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --kv-cache-v)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --speculative)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --draft-tokens)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --draft-quant)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --vision)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --prompt-tokens)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --depth)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unified-kv)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --flash-attention)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ubatch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --logits)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --swa-full)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --prompt-cache-gib)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --gpu-layers)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cpu-experts)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --split-mode)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --main-gpu)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --tensor-split)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --override-tensors)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --tensor-parallel)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --gpu-memory-utilization)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-num-seqs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-batched-tokens)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --enforce-eager)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-loras)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --max-lora-rank)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pipeline-parallel)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --data-parallel)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sequence-length)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --micro-batch)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --gradient-accumulation)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lora-rank)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --galore-rank)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --zero-stage)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --dataset-tokens)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --epochs)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --loader-workers)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --checkpoints-kept)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --optimizer)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --precision)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --attention)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lora-targets)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --loss)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sharding)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --offload)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --checkpointing)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --reentrant-checkpointing)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --selective-checkpointing)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --expandable-segments)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --dropout)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --padding-mask)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --base-quant)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --quantized-experts)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --double-quantization)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --offload-checkpoints)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --sequence-parallel)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --dataset-in-ram)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --card)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --cards)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --card-memory-gib)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --machine)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --power-limit-w)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --unified-gib)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --nvlink)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --boxes)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --box-link)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --screen)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --owned)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ram-gib)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --ram-gb-s)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --platform)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pcie-gen)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --pcie-lanes)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --disk-gb-s)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --os)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --largest)
                    COMPREPLY=($(compgen -W "true false" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__explain)
            opts="-h --today --plain --json --html --replace --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --html)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__export)
            opts="-o -h --today --html --png --svg --markdown --text --json --output --replace --plan --dark --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --output)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                -o)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --plan)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__import)
            opts="-h --keep --json --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__launch)
            opts="-h --today --tool --explain --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --tool)
                    COMPREPLY=($(compgen -W "llama-server ollama vllm sglang transformers llama-factory accelerate deepspeed" -- "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__models)
            opts="-h --help --lang list local"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__models__subcmd__list)
            opts="-h --json --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__models__subcmd__local)
            opts="-h --json --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 3 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
        rigplan__subcmd__runs)
            opts="-h --plan --today --all --json --help --lang"
            if [[ ${cur} == -* || ${COMP_CWORD} -eq 2 ]] ; then
                COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
                return 0
            fi
            case "${prev}" in
                --plan)
                    COMPREPLY=($(compgen -f "${cur}"))
                    return 0
                    ;;
                --lang)
                    COMPREPLY=($(compgen -W "en zh" -- "${cur}"))
                    return 0
                    ;;
                *)
                    COMPREPLY=()
                    ;;
            esac
            COMPREPLY=( $(compgen -W "${opts}" -- "${cur}") )
            return 0
            ;;
    esac
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _rigplan -o nosort -o bashdefault -o default rigplan
else
    complete -F _rigplan -o bashdefault -o default rigplan
fi
