# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_rigplan_global_optspecs
    string join \n lang= V/version h/help
end

function __fish_rigplan_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_rigplan_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_rigplan_using_subcommand
    set -l cmd (__fish_rigplan_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c rigplan -n "__fish_rigplan_needs_command" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_needs_command" -s V -l version -d 'Print the version'
complete -c rigplan -n "__fish_rigplan_needs_command" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "estimate" -d 'Estimate what a plan needs and whether it fits (exit code 0 fits or tight, 1 offload or does not fit, 2 bad input)'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "cards" -d 'Rank every card of the catalog for a plan, or list them'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "build" -d 'The best machine for a budget: which cards, board, processor and RAM, and why (exit code 0 built, 1 the budget is too small)'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "compare" -d 'Compare the plans of files: what differs, by how much, and what makes the difference'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "models" -d 'The models of the catalog'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "runs" -d 'The models that run on this machine, the best first, with fit and speed'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "explain" -d 'Explain VRAM and RAM: a scene as text, data or a page with pictures; without a name, which scenes there are'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "export" -d 'Take a plan along: a page, a picture, Markdown, text or JSON, without a display'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "import" -d 'Read a model file, an Ollama model or a launch command: its facts, or the plan that it comes to'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "launch" -d 'Write the command or file that starts a plan, for the tool of its engine or another that runs it'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "diagnose" -d 'Which memory ran out, and what helps: reads an error, a log, nvidia-smi, free or dmesg (exit code 0 read, 2 not readable)'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "compare-log" -d 'Hold a runtime\'s log (llama.cpp, Ollama, vLLM, SGLang, PyTorch, nvidia-smi) against the estimate, part by part (exit code 0 read, 2 not readable)'
complete -c rigplan -n "__fish_rigplan_needs_command" -a "detect" -d 'This machine: its cards, their memory and the RAM'
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l model -d 'A model of the catalog by its id, or the path of a config.json, GGUF or safetensors file or folder' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l quant -d 'How the weights are stored, e.g. Q4_K_M' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l runtime -d 'The engine that runs the model: llama.cpp, vllm, sglang, tgi, tensorrt-llm or transformers' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l runtime-version -d 'The version of the engine or the month of its build, e.g. 2024-05; the current one where none is given' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l task -d 'What is done with the model: serve, or training as full, lora or qlora' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l also -d 'A model that runs beside in a program of its own, e.g. qwen3-embedding-0.6b,quant=Q8_0,context=4096,device=1 (device: a GPU from 0, all, cpu or off); once for each' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l backend -d 'The compute library: cuda, rocm, vulkan, metal, sycl or cpu; by the card\'s maker where none is given' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l context -d 'Tokens a sequence; with a unified KV cache the pool that all sequences share' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l sequences -d 'Sequences that run at once' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l kv-cache -d 'How keys and values are stored, e.g. q8_0' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l kv-cache-v -d 'How values are stored where they differ from keys' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l speculative -d 'Who guesses tokens that the model then checks together: none, mtp (a layer of its own) or the id of a small model' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l draft-tokens -d 'The most tokens that are guessed before the model checks them' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l draft-quant -d 'How the weights of the draft model are stored' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l vision -d 'Where the part that reads images lies: gpu, cpu or off (text alone)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l prompt-tokens -d 'Tokens of the prompt, for the time to first token' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l depth -d 'Tokens cached when the run starts; the whole context where none is given' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l unified-kv -d 'All sequences share one KV cache' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l flash-attention -d 'Attention without its matrix of scores in memory' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l ubatch -d 'Tokens processed at once: more read prompts faster and take a larger compute buffer' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l logits -d 'Rows of logits reserved: last (one a sequence) or all (the whole batch)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l swa-full -d 'Layers with a sliding window keep the whole context' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l prompt-cache-gib -d 'The most RAM that llama-server\'s prompt cache may take' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l gpu-layers -d 'Layers on the GPU: all, auto (the most that fit; of a mixture of experts, experts go to RAM first where that is faster) or a number' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l cpu-experts -d 'The experts of the first so many layers stay in RAM: auto (as few as must be, beside automatic layers) or a number' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l split-mode -d 'How several cards share the model: layer (whole layers on each), tensor (every layer cut) or none (one card alone)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l main-gpu -d 'Which card has the whole model where one alone does, counted from 0' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l tensor-split -d 'What part of the layers each card takes, in card order: 3,1 gives the first three quarters' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l override-tensors -d 'Tensors that lie elsewhere than their layers, by name, as llama.cpp’s -ot: exps=CPU keeps all experts in RAM' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l tensor-parallel -d 'Cards that every layer is cut across' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l gpu-memory-utilization -d 'Share of each card\'s VRAM that the engine may take (gpu_memory_utilization), e.g. 0.9' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l max-num-seqs -d 'Most sequences in one batch' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l max-batched-tokens -d 'Most tokens in one batch' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l enforce-eager -d 'The engine runs without CUDA graphs' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l max-loras -d 'How many LoRA adapters are kept beside the model: each takes memory, at the largest rank' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l max-lora-rank -d 'The largest rank of these LoRA adapters: what each takes grows with it' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l pipeline-parallel -d 'Stages that the layers are cut into, one after the other' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l data-parallel -d 'Copies of the model that run different sequences; where none is given, training makes as many as there are cards for, a server one' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l sequence-length -d 'Tokens of one sequence in training, padding or packing counted' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l micro-batch -d 'Sequences that one card runs at once' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l gradient-accumulation -d 'Micro-batches of one optimizer step' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l lora-rank -d 'Rank of the adapters' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l galore-rank -d 'Rank of GaLore\'s projection: the optimizer keeps its states for so many rows or columns of each matrix' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l zero-stage -d 'What data-parallel cards share out: 0 nothing, 1 optimizer states, 2 gradients too, 3 weights too' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l dataset-tokens -d 'Tokens of the data set, for hours and energy' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l epochs -d 'How often the data set is gone through' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l loader-workers -d 'Processes beside each card\'s own that prepare batches' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l checkpoints-kept -d 'Checkpoints of the run that stay on the disk' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l optimizer -d 'The optimizer: adamw, adamw_foreach, adamw_8bit, paged_adamw_8bit, adafactor, muon, galore, sgd or sgd_momentum' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l precision -d 'In what weights, gradients and states are kept: bf16, bf16_master, amp or fp32' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l attention -d 'Whether attention keeps its scores: flash, eager or fused_softmax (Megatron-LM)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l lora-targets -d 'Matrices with adapters: all-linear, attention or qv' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l loss -d 'How logits and loss are calculated: standard, without_outputs, fused or chunked' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l sharding -d 'Who shares things out over the cards: deepspeed or fsdp' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l offload -d 'What lies outside the cards between uses: none, optimizer, parameters or nvme' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l checkpointing -d 'Layers keep their input only and are run again for the backward pass' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l reentrant-checkpointing -d 'use_reentrant, on by default in Transformers 4: beside FSDP the inputs of layers and their gradients stay until backward is over' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l selective-checkpointing -d 'Attention\'s scores alone are calculated again (selective recomputation of Megatron-LM)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l expandable-segments -d 'PyTorch\'s expandable_segments, off by default: less VRAM lies reserved and unused' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l dropout -d 'Dropout is above zero, of the adapters or of the model' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l padding-mask -d 'Sequences of a batch are padded, so attention is given a mask' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l base-quant -d 'What the frozen weights are stored in: nf4 or 8 bits by bitsandbytes, or a checkpoint in GPTQ\'s 4 bits' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l quantized-experts -d 'Transformers 4, Unsloth and Axolotl with quantize_moe_experts quantize experts; Transformers 5 leaves fused experts as they are' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l double-quantization -d 'The block scales of nf4 are quantized as well' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l offload-checkpoints -d 'What layers keep waits in RAM' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l sequence-parallel -d 'What tensor parallelism leaves whole is cut along the sequence' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l dataset-in-ram -d 'The data set is held in RAM instead of read from the disk' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l card -d 'A card of the catalog by its id' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l cards -d 'How many of the card; 0 = CPU only' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l card-memory-gib -d 'VRAM of one card in GiB, where its maker sells several sizes' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l machine -d 'Unequal cards in place of one kind, e.g. rtx-4090:1,rtx-3090:2' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l power-limit-w -d 'The most that each card may draw, in watts: below what its chip takes at full clock, clocks fall, prompts first and decoding later' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l unified-gib -d 'What the system gives the GPU of the memory that it shares with the CPU: macOS by iogpu.wired_limit_mb, Linux on AMD by ttm.pages_limit, others by the firmware' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l nvlink -d 'A bridge, bought apart, joins the two cards: where layers are cut across them, tokens come 4 to 17 % sooner (two RTX 3090, published), prompts sooner still; layers split one after the other gain nothing' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l boxes -d 'How many computers share the model, the cards dealt out to them in order: llama.cpp reaches the others through its RPC servers, vLLM through Ray. A DGX Spark or a Mac is a computer of its own' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l box-link -d 'What joins the computers: 1gbe, 2.5gbe, 10gbe, 25gbe, 100gbe, connectx-7, thunderbolt-4 or thunderbolt-5. In a chat it counts how soon a message arrives, hardly how much fits through; prompts and loading need what fits through' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l screen -d 'A display is attached to the first card and takes some of its VRAM' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l owned -d 'Other cards in their place then cost their whole price, not the difference' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l ram-gib -d 'RAM of the machine' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l ram-gb-s -d 'Bandwidth of the RAM; wins over the platform\'s' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l platform -d 'A platform of the catalog, which decides the bandwidth of the RAM' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l pcie-gen -d 'PCIe generation of the slot; the card\'s own where none is given' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l pcie-lanes -d 'PCIe lanes of the slot; the card\'s own where none is given' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l disk-gb-s -d 'How fast the disk is read, for the time to load' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l os -d 'The operating system: linux, windows or macos' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l largest -d 'Also answer the largest context, sequences and layers that still fit' -r -f -a "true\t''
false\t''"
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l ways -d 'Add the ways to make it fit, each with what it comes to'
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -l jsonl -d 'Read one JSON request a line from standard input and write one answer a line'
complete -c rigplan -n "__fish_rigplan_using_subcommand estimate" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l plan -d 'The plan file to rank them for' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l budget -d 'The most that all cards together may cost now, in US dollars' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l maker -d 'Cards of these makers, with commas between them (nvidia, amd, intel, apple, huawei, cambricon)' -r -f -a "nvidia\t''
amd\t''
intel\t''
apple\t''
huawei\t''
cambricon\t''"
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l memory -d 'The least memory of all cards together, in GiB' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l least-speed -d 'Leave out what makes fewer tokens a second' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l name -d 'Words that the name of a card must have' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l sort -d 'What the rows are put in order by, the best first (price, verdict, name, free, speed, prefill, first-token, per-token, worth, power) (default: price)' -r -f -a "price\t'What it costs to do the job'
verdict\t'The judgment'
name\t'The card\'s name'
free\t'What is free or missing'
speed\t'Decode or training speed'
prefill\t'Prefill speed'
first-token\t'Time to the first token'
per-token\t'Price for each token a second'
worth\t'What it is worth at most'
power\t'Rated power'"
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l new -d 'New cards only'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l used -d 'Used cards only'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l single -d 'Leave out what takes more than one card'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l no-spare -d 'Leave out one card more than needed'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l native -d 'Only cards that compute in the plan\'s weight precision'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -l priced -d 'Leave out cards of which no price is known'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and not __fish_seen_subcommand_from list" -f -a "list" -d 'List all of them'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l budget -d 'The most that all cards together may cost now, in US dollars' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l maker -d 'Cards of these makers, with commas between them (nvidia, amd, intel, apple, huawei, cambricon)' -r -f -a "nvidia\t''
amd\t''
intel\t''
apple\t''
huawei\t''
cambricon\t''"
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l memory -d 'The least memory of all cards together, in GiB' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l least-speed -d 'Leave out what makes fewer tokens a second' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l name -d 'Words that the name of a card must have' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l sort -d 'What the rows are put in order by, the best first (price, verdict, name, free, speed, prefill, first-token, per-token, worth, power) (default: price)' -r -f -a "price\t'What it costs to do the job'
verdict\t'The judgment'
name\t'The card\'s name'
free\t'What is free or missing'
speed\t'Decode or training speed'
prefill\t'Prefill speed'
first-token\t'Time to the first token'
per-token\t'Price for each token a second'
worth\t'What it is worth at most'
power\t'Rated power'"
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l new -d 'New cards only'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l used -d 'Used cards only'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l single -d 'Leave out what takes more than one card'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l no-spare -d 'Leave out one card more than needed'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l native -d 'Only cards that compute in the plan\'s weight precision'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -l priced -d 'Leave out cards of which no price is known'
complete -c rigplan -n "__fish_rigplan_using_subcommand cards; and __fish_seen_subcommand_from list" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l budget -d 'The most it may cost, in US dollars' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l tier -d 'Whose rules it follows; by the budget where none is given (starter, team, enterprise)' -r -f -a "starter\t'One person at a desk'
team\t'Several people at once'
enterprise\t'Large models and many users'"
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l goal -d 'What makes a build better: the plan runs or trains faster, a larger dense model fits, a larger mixture of experts runs, more tokens a second over all sequences, or more users at once; without --plan the largest model, else the plan (run, largest, mixture, tokens, users)' -r -f -a "run\t'The plan runs, or trains, as fast as it can'
largest\t'The largest dense model in VRAM at 10 tokens/s or more'
mixture\t'The largest mixture of experts, experts in RAM where VRAM ends'
tokens\t'The most tokens a second over all sequences'
users\t'The most users at once'"
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l least-decode -d 'The least speed in tok/s: of the largest model, or of each user (default: 10)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l quant -d 'How the largest model is stored (default: Q4_K_M)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l plan -d 'The plan that shall run' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l own -d 'A part that is there already, by its id, as in rtx-3090=2' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l lock -d 'A part that is kept, by its id, as in am5-matx' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l circuit -d 'The outlet it is plugged into; by default the usual one of the country (with --json of the United States), and for enterprise a circuit of its own (us-120v-15a, us-120v-20a, us-240v-30a, eu-230v-16a, eu-cee-16a, uk-230v-13a, cn-220v-10a, cn-220v-16a, jp-100v-15a)' -r -f -a "us-120v-15a\t''
us-120v-20a\t''
us-240v-30a\t''
eu-230v-16a\t''
eu-cee-16a\t''
uk-230v-13a\t''
cn-220v-10a\t''
cn-220v-16a\t''
jp-100v-15a\t''"
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l hours-per-day -d 'Hours of work a day (default: 8)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l months -d 'Months that the machine is kept (default: 48)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l usd-per-kwh -d 'What a kWh costs, in US dollars (default: 0.17)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l resale-share -d 'Share of the price, from 0 to 1, that it is sold for in the end (default: 0.35)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l idle-watts -d 'What it draws while it waits, in W; 0 where it is switched off (default: 0)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l work-watts -d 'What it draws at work, in W; by its parts where none is given' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l api-usd-per-million -d 'What a hosted API asks for a million tokens, in US dollars' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l tiers -d 'All three tiers side by side, as without --tier'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l new -d 'New parts only'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l used -d 'Used cards and whole machines only; other parts new or used'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l quiet -d 'A machine that stands beside a desk: no blowers side by side, open frames, rack cases or server nodes'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -l markdown -d 'Print Markdown'
complete -c rigplan -n "__fish_rigplan_using_subcommand build" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare" -l base -d 'The letter of the plan that the others are held against, in the order of the files' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand compare" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand compare" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare" -l markdown -d 'Print Markdown'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and not __fish_seen_subcommand_from list local" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and not __fish_seen_subcommand_from list local" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and not __fish_seen_subcommand_from list local" -f -a "list" -d 'List all of them'
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and not __fish_seen_subcommand_from list local" -f -a "local" -d 'List the model files of Ollama, LM Studio, llama.cpp and Hugging Face on this machine, with size, fit and speed'
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and __fish_seen_subcommand_from list" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and __fish_seen_subcommand_from list" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and __fish_seen_subcommand_from list" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and __fish_seen_subcommand_from local" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and __fish_seen_subcommand_from local" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand models; and __fish_seen_subcommand_from local" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand runs" -l plan -d 'The plan file whose machine is meant; without one, this machine' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand runs" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand runs" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand runs" -l all -d 'List all of them'
complete -c rigplan -n "__fish_rigplan_using_subcommand runs" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand runs" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand explain" -l html -d 'Write a page that needs nothing else: both languages, light and dark, to step through and to print' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand explain" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand explain" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand explain" -l plain -d 'Hardware words in place of the kitchen\'s'
complete -c rigplan -n "__fish_rigplan_using_subcommand explain" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand explain" -l replace -d 'Write over a page that exists'
complete -c rigplan -n "__fish_rigplan_using_subcommand explain" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -s o -l output -d 'The file to write, or a folder for it; standard output where none is given' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l plan -d 'Which plan of the file, from 1; without it, the first (default: 1)' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l html -d 'One page that needs nothing else: bars, figures and why, ways, prices, in both languages'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l png -d 'A picture of the bars, in pixels'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l svg -d 'The same picture as vectors'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l markdown -d 'Print Markdown'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l text -d 'Text in columns'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l replace -d 'Write over a file that exists'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -l dark -d 'The dark colors for a picture'
complete -c rigplan -n "__fish_rigplan_using_subcommand export" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand import" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand import" -l keep -d 'Keep the model among your own tables'
complete -c rigplan -n "__fish_rigplan_using_subcommand import" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand import" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand launch" -l tool -d 'The tool; the usual one of the engine where none is given (llama-server, ollama, vllm, sglang, transformers, llama-factory, accelerate, deepspeed)' -r -f -a "llama-server\t''
ollama\t''
vllm\t''
sglang\t''
transformers\t''
llama-factory\t''
accelerate\t''
deepspeed\t''"
complete -c rigplan -n "__fish_rigplan_using_subcommand launch" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand launch" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand launch" -l explain -d 'Say beside each line what it does and why'
complete -c rigplan -n "__fish_rigplan_using_subcommand launch" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand diagnose" -l plan -d 'The plan file that the cures are made changes of, where the text names no model' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand diagnose" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand diagnose" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand diagnose" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand diagnose" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -l plan -d 'The plan file; without one, the plan that the log itself amounts to' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -l pid -d 'Of the programs that run, the one with this number' -r
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -l running -d 'In place of a log: the programs that run models on this machine now, by what driver and system count for them'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -l today -d 'Count with today’s tables and prices in place of those saved with the plan'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -l keep -d 'Keep overhead and speed as this machine\'s own'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand compare-log" -s h -l help -d 'Print this help'
complete -c rigplan -n "__fish_rigplan_using_subcommand detect" -l disk -d 'What is read to measure the disk: a file such as a model, or a folder, in which 1 GiB is written and taken away again; without one, the folder of documents' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand detect" -l save -d 'Write the machine to this file, without anything that tells whose it is' -r -F
complete -c rigplan -n "__fish_rigplan_using_subcommand detect" -l lang -d 'The language of what is written for people; the system\'s where none is given (en, zh)' -r -f -a "en\t'English'
zh\t'Simplified Chinese'"
complete -c rigplan -n "__fish_rigplan_using_subcommand detect" -l json -d 'Print JSON'
complete -c rigplan -n "__fish_rigplan_using_subcommand detect" -l watch -d 'Look again every second, until it is ended'
complete -c rigplan -n "__fish_rigplan_using_subcommand detect" -l measure -d 'Measure what RAM and disk read (some seconds of work) and keep it: plans made from this machine then use it'
complete -c rigplan -n "__fish_rigplan_using_subcommand detect" -s h -l help -d 'Print this help'
